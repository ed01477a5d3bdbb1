//! Bounded XML: no external entities, no internal DTD subset, no entity expansion.

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

use crate::error::ReadError;
use crate::text;

/// The deepest nesting accepted; real files stay below 30.
const MAX_DEPTH: usize = 200;
/// Attributes of one element; real files stay below 30.
const MAX_ATTRIBUTES: usize = 1_000;
/// Namespace prefixes of one document; real files stay below 10.
const MAX_NAMESPACES: usize = 64;
const MAX_DECLARATIONS: usize = 100_000;

/// Decodes the document text and removes a DOCTYPE that only names an external DTD.
///
/// An internal subset could define entities, so it is refused.
pub(crate) fn document_text(bytes: &[u8]) -> Result<String, ReadError> {
    let mut content = text::xml(bytes);
    if let Some(start) = content.find("<!DOCTYPE") {
        let rest = content.get(start..).unwrap_or_default();
        let end = rest.find('>').ok_or_else(|| ReadError::damaged("the DOCTYPE is not closed").at(start))?;
        if rest.get(..end).unwrap_or_default().contains('[') {
            return Err(ReadError::unsupported("an internal DTD subset is refused").at(start));
        }
        content.replace_range(start..=start + end, "");
    }
    check_shape(&content)?;
    Ok(content)
}

/// Counts open elements, attributes and namespaces without building anything: the parser recurses by element,
/// compares each attribute of an element with each other, and copies all namespaces in scope at each declaration.
///
/// A `<` inside a comment or CDATA counts like a tag, and `="` in a text like an attribute; such text would have to
/// be hostile to reach the limits.
fn check_shape(content: &str) -> Result<(), ReadError> {
    let mut depth = 0usize;
    let mut namespaces = HashSet::new();
    let mut declarations = 0usize;
    for tag in content.split('<').skip(1) {
        // Counted lazily: most pieces are short.
        if tag.len() > MAX_ATTRIBUTES
            && tag.matches("=\"").count() + tag.matches("='").count() > MAX_ATTRIBUTES
        {
            return Err(ReadError::limit(format!(
                "an XML element with more than {MAX_ATTRIBUTES} attributes"
            )));
        }
        for declared in tag.split("xmlns").skip(1) {
            let prefix = declared.split('=').next().unwrap_or_default().trim();
            namespaces.insert(prefix.get(..prefix.len().min(64)).unwrap_or_default());
            declarations += 1;
            if namespaces.len() > MAX_NAMESPACES || declarations > MAX_DECLARATIONS {
                return Err(ReadError::limit(format!(
                    "more than {MAX_NAMESPACES} XML namespaces or {MAX_DECLARATIONS} declarations of them"
                )));
            }
        }
        let closes = tag.starts_with('/');
        let empty = tag.split_once('>').is_some_and(|(inside, _)| inside.ends_with('/'));
        if closes {
            depth = depth.saturating_sub(1);
        } else if !empty && !tag.starts_with(['!', '?']) {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return Err(ReadError::limit(format!("XML is nested deeper than {MAX_DEPTH}")));
        }
    }
    Ok(())
}

/// Parses text from [`document_text`].
pub(crate) fn parse(content: &str) -> Result<Document<'_>, ReadError> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 2_000_000, ..ParsingOptions::default() };
    Document::parse_with_options(content, options).map_err(|error| {
        let detail = format!("not well-formed XML: {error}");
        let place = error.pos();
        let row = usize::try_from(place.row).unwrap_or(1).saturating_sub(1);
        let column = usize::try_from(place.col).unwrap_or(1).saturating_sub(1);
        // Bytes of the lines before, then of the characters before; in the text as decoded, without a DOCTYPE.
        let line = content.split_inclusive('\n').nth(row).unwrap_or_default();
        let offset = content.split_inclusive('\n').take(row).map(str::len).sum::<usize>()
            + line.chars().take(column).map(char::len_utf8).sum::<usize>();
        match error {
            roxmltree::Error::NodesLimitReached => ReadError::limit(detail).at(offset),
            roxmltree::Error::UnexpectedEndOfStream | roxmltree::Error::UnclosedRootNode => {
                ReadError::truncated(content.len(), detail)
            }
            _ => ReadError::damaged(detail).at(offset),
        }
    })
}

/// The first child element with this local name, whatever its namespace.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|c| c.is_element() && c.tag_name().name() == name)
}

/// All child elements with this local name.
pub(crate) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    node.children().filter(move |c| c.is_element() && c.tag_name().name() == name)
}

/// Follows a path of child elements.
pub(crate) fn path<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

/// All text below the node, cleaned; nothing when empty.
pub(crate) fn text(node: Node<'_, '_>) -> Option<String> {
    let mut joined = String::new();
    for descendant in node.descendants().filter(Node::is_text) {
        joined.push_str(descendant.text().unwrap_or_default());
    }
    text::non_empty(&joined)
}

/// Text at the end of a path.
pub(crate) fn path_text(node: Node<'_, '_>, names: &[&str]) -> Option<String> {
    path(node, names).and_then(text)
}

/// A non-empty attribute.
pub(crate) fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attributes().find(|a| a.name() == name).and_then(|a| text::non_empty(a.value()))
}
