import type { Organisation } from "@tianmu/api/wire";

export interface OrganisationNode {
  value: string;
  key: string;
  title: string;
  organisation: Organisation;
  children: OrganisationNode[];
}

/** The tree of a flat list; whatever's parent the caller may not see becomes a root. Order of the list is kept. */
export function organisationTree(items: Organisation[]): OrganisationNode[] {
  const nodes = new Map<string, OrganisationNode>();
  for (const organisation of items) {
    nodes.set(organisation.id, {
      value: organisation.id,
      key: organisation.id,
      title: organisation.name,
      organisation,
      children: [],
    });
  }
  const roots: OrganisationNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.organisation.parent_id ? nodes.get(node.organisation.parent_id) : undefined;
    (parent ? parent.children : roots).push(node);
  }
  return roots;
}

/** The part of a tree whose names or codes match, with the way to them. */
export function filterTree(nodes: OrganisationNode[], query: string): OrganisationNode[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return nodes;
  return nodes.flatMap((node) => {
    const children = filterTree(node.children, wanted);
    const { name, short_name, code } = node.organisation;
    const hit = [name, short_name ?? "", code].some((text) => text.toLowerCase().includes(wanted));
    return hit || children.length > 0 ? [{ ...node, children }] : [];
  });
}
