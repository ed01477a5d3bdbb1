import { describe, expect, it } from "vitest";
import { HttpWaveformSource, MemoryWaveformSource } from "../src/source";
import { encodeWindow, MISSING_SAMPLE, parseWindow, WaveformError, type WaveformWindow } from "../src/wire";

/** Two leads, three samples, written byte by byte from the format's description. */
function handMade(): ArrayBuffer {
  const bytes = [
    0x54,
    0x4d,
    0x57,
    0x57, // TMWW
    0x01,
    0x00, // version
    0x02,
    0x00, // leads
    0x00,
    0x00,
    0xfa,
    0x43, // 500.0 as f32
    0x0a,
    0x00,
    0x00,
    0x00, // start 10
    0x01,
    0x00,
    0x00,
    0x00, // step
    0x03,
    0x00,
    0x00,
    0x00, // points
    0x88,
    0x13,
    0x00,
    0x00, // total 5000
    0x02,
    0x00,
    0x00,
    0x00, // resolutions
    0x00,
    0x00,
    0x20,
    0x40, // 2.5
    0x00,
    0x00,
    0x80,
    0x3f, // 1.0
    0x01,
    0x00,
    0xff,
    0xff,
    0x00,
    0x80, // 1, -1, missing
    0x00,
    0x01,
    0x02,
    0x00,
    0x03,
    0x00, // 256, 2, 3
  ];
  return new Uint8Array(bytes).buffer;
}

function code(buffer: ArrayBuffer): string {
  try {
    parseWindow(buffer);
    return "parsed";
  } catch (error) {
    return error instanceof WaveformError ? error.code : String(error);
  }
}

describe("parseWindow", () => {
  it("reads a window written by hand", () => {
    const window = parseWindow(handMade());
    expect(window).toMatchObject({ sampleRateHz: 500, startSample: 10, step: 1, points: 3, totalSamples: 5000 });
    expect([...window.resolutionUv]).toEqual([2.5, 1]);
    expect(window.leads.map((lead) => [...lead])).toEqual([
      [1, -1, MISSING_SAMPLE],
      [256, 2, 3],
    ]);
  });
  it("is the inverse of encodeWindow, also for min/max pairs", () => {
    const window: WaveformWindow = {
      sampleRateHz: 62.5,
      startSample: 0,
      step: 8,
      points: 2,
      totalSamples: 16,
      resolutionUv: Float32Array.of(1),
      leads: [Int16Array.of(-5, 7, -1, 9)],
    };
    expect(parseWindow(encodeWindow(window))).toEqual(window);
  });
  it("refuses every truncation", () => {
    const whole = handMade();
    for (let n = 0; n < whole.byteLength; n++) {
      expect(code(whole.slice(0, n))).toBe(n < 32 ? "window_too_short" : "window_truncated");
    }
  });
  it("refuses hostile headers without allocating", () => {
    const change = (offset: number, ...bytes: number[]) => {
      const copy = new Uint8Array(handMade());
      copy.set(bytes, offset);
      return copy.buffer;
    };
    const all = [0xff, 0xff, 0xff, 0xff];
    expect(code(change(0, 0x50))).toBe("window_wrong_magic");
    expect(code(change(4, 2))).toBe("window_wrong_version");
    expect(code(change(6, 0xff, 0xff))).toBe("window_bad_header");
    expect(code(change(8, 0, 0, 0xc0, 0x7f))).toBe("window_bad_header"); // NaN rate
    expect(code(change(8, 0, 0, 0, 0))).toBe("window_bad_header");
    expect(code(change(12, ...all))).toBe("window_bad_header"); // start after the end
    expect(code(change(16, 0))).toBe("window_bad_header"); // step 0
    expect(code(change(20, ...all))).toBe("window_truncated"); // 4 billion points
    expect(code(change(28, ...all))).toBe("window_bad_header");
    expect(code(change(32, 0, 0, 0, 0))).toBe("window_bad_header"); // resolution 0
    expect(code(change(32, 0, 0, 0x80, 0x7f))).toBe("window_bad_header"); // infinite
  });
  it("never throws anything but WaveformError on random bytes", () => {
    let seed = 42;
    const random = () => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    for (let round = 0; round < 2000; round++) {
      const copy = new Uint8Array(handMade());
      for (let k = 0; k < 4; k++) copy[4 + Math.floor(random() * (copy.length - 4))] = Math.floor(random() * 256);
      expect(code(copy.buffer)).toMatch(/^(parsed|window_)/);
    }
  });
});

describe("sources", () => {
  it("HTTP: asks with start, count and step and decodes the answer", async () => {
    const asked: string[] = [];
    const source = new HttpWaveformSource(
      "/api/v1/ecg/recordings/x/waveform",
      { sampleRateHz: 500, sampleCount: 5000, leads: ["I", "II"] },
      (url) => {
        asked.push(url);
        return Promise.resolve(new Response(handMade()));
      },
    );
    expect((await source.window(10, 3, 1)).points).toBe(3);
    expect(asked).toEqual(["/api/v1/ecg/recordings/x/waveform?start=10&count=3&step=1"]);
  });
  it("HTTP: an error status and a broken line have their codes", async () => {
    const meta = { sampleRateHz: 500, sampleCount: 1, leads: ["I"] };
    await expect(
      new HttpWaveformSource("/x", meta, () => Promise.resolve(new Response("", { status: 403 }))).window(0, 1, 1),
    ).rejects.toMatchObject({ code: "waveform_http_error", status: 403 });
    await expect(
      new HttpWaveformSource("/x", meta, () => Promise.reject(new TypeError("down"))).window(0, 1, 1),
    ).rejects.toMatchObject({ code: "waveform_network_error" });
  });
  it("memory: cuts at the end and answers min/max pairs with gaps", async () => {
    const lead = Int16Array.of(1, 5, -3, MISSING_SAMPLE, MISSING_SAMPLE, MISSING_SAMPLE, 2);
    const source = new MemoryWaveformSource({ sampleRateHz: 100, sampleCount: 7, leads: ["I"] }, [lead], [1]);
    expect([...((await source.window(5, 10, 1)).leads[0] ?? [])]).toEqual([MISSING_SAMPLE, 2]);
    const pairs = await source.window(0, 7, 3);
    expect(pairs.points).toBe(3);
    expect([...(pairs.leads[0] ?? [])]).toEqual([-3, 5, MISSING_SAMPLE, MISSING_SAMPLE, 2, 2]);
  });
});
