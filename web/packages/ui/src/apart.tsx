import { type ComponentType, createElement, type ReactNode, useEffect, useReducer, useState } from "react";

export type Apart<Props> = ComponentType<Props & { placeholder?: ReactNode }> & { load: () => Promise<void> };

/**
 * A component that is loaded apart, and stands in its place the moment it is there. React's `lazy` holds whatever
 * replaces a fallback back until 300 ms after the last fallback anywhere on the page, which for parts of a page that
 * arrive one after the other adds up to most of a second. A failure reaches the error boundary, as with `lazy`.
 */
export function apart<Props extends object>(load: () => Promise<ComponentType<Props>>): Apart<Props> {
  let found: ComponentType<Props> | null = null;
  let asked: Promise<void> | null = null;
  const ask = () => {
    asked ??= load().then(
      (component) => {
        found = component;
      },
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  };
  function Part({ placeholder, ...props }: Props & { placeholder?: ReactNode }) {
    const [, again] = useReducer((n: number) => n + 1, 0);
    const [failed, setFailed] = useState<{ error: unknown } | null>(null);
    useEffect(() => {
      if (found) return;
      let mounted = true;
      ask().then(
        () => mounted && again(),
        (error: unknown) => mounted && setFailed({ error }),
      );
      return () => {
        mounted = false;
      };
    }, []);
    if (failed) throw failed.error;
    return found ? createElement(found, props as unknown as Props) : (placeholder ?? null);
  }
  return Object.assign(Part as ComponentType<Props & { placeholder?: ReactNode }>, { load: ask });
}
