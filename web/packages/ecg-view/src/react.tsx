/** React wrapper: mounts one `EcgViewer` and passes changed props on. It holds no state of its own. */
import { type CSSProperties, useEffect, useRef } from "react";
import { EcgViewer, type EcgViewerOptions } from "./viewer";

export interface EcgViewProps extends EcgViewerOptions {
  className?: string;
  style?: CSSProperties;
  /** Receives the viewer, for what props cannot say (`goTo`, `resetFiducials`). */
  viewerRef?: (viewer: EcgViewer | null) => void;
}

export function EcgView(props: EcgViewProps) {
  const { source, analysis, locale, settings, toolbar, storage, className, style, viewerRef } = props;
  const { onFiducialsChange, onSettingsChange, onError, onDrawn } = props;
  const host = useRef<HTMLDivElement>(null);
  const viewer = useRef<EcgViewer | null>(null);
  const initial = useRef(props);
  initial.current = props;

  // Created once per toolbar and storage choice; everything else reaches the living viewer through the effects below.
  useEffect(() => {
    if (!host.current) return;
    const { className: _c, style: _s, viewerRef: ref, ...options } = initial.current;
    const created = new EcgViewer(host.current, { ...options, toolbar, storage });
    viewer.current = created;
    ref?.(created);
    return () => {
      ref?.(null);
      created.destroy();
      viewer.current = null;
    };
  }, [toolbar, storage]);

  const mountedSource = useRef(source);
  useEffect(() => {
    if (mountedSource.current !== source) viewer.current?.setSource(source ?? null);
    mountedSource.current = source;
  }, [source]);
  const mountedAnalysis = useRef(analysis);
  useEffect(() => {
    if (mountedAnalysis.current !== analysis) viewer.current?.setAnalysis(analysis ?? null);
    mountedAnalysis.current = analysis;
  }, [analysis]);
  useEffect(() => {
    if (locale) viewer.current?.setLocale(locale);
  }, [locale]);
  useEffect(() => {
    viewer.current?.setHandlers({ onFiducialsChange, onSettingsChange, onError, onDrawn });
  }, [onFiducialsChange, onSettingsChange, onError, onDrawn]);
  const wanted = settings ? JSON.stringify(settings) : "";
  const applied = useRef(wanted);
  useEffect(() => {
    if (wanted !== applied.current && wanted !== "") viewer.current?.update(JSON.parse(wanted));
    applied.current = wanted;
  }, [wanted]);
  useEffect(() => {
    viewerRef?.(viewer.current);
  }, [viewerRef]);

  return <div ref={host} className={className} style={{ width: "100%", height: "100%", minHeight: 0, ...style }} />;
}
