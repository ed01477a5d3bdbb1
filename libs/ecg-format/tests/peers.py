"""Reads recordings with second programs and compares every sample with what ecg-format read.

`probe` tells whether the packages are there; `implicit IN OUT` rewrites a DICOM file with implicit VR;
`compare MANIFEST` compares, one line of the manifest for each recording:
kind, source, file of 32-bit floats (lead after lead, microvolts), rate, samples per lead, labels.

WFDB is read by wfdb-python, DICOM by pydicom. The readers of SCP-ECG, aECG, EDF, MUSE, Contec and CSV stand here and
share nothing with the library; they read the standard's own words, not every variant.
"""

import base64
import collections
import csv
import struct
import sys
import xml.etree.ElementTree as ET

import numpy as np


def canonical(name):
    core = name.strip()
    for prefix in ("MDC_ECG_LEAD_", "Lead ", "ECG "):
        if core.startswith(prefix):
            core = core[len(prefix):]
    core = core.split(" (")[0]
    upper = core.upper()
    limb = {"AVR": "aVR", "AVL": "aVL", "AVF": "aVF", "VX": "X", "VY": "Y", "VZ": "Z"}
    if upper in limb:
        return limb[upper]
    plain = ["I", "II", "III", "X", "Y", "Z"] + ["V%d" % i for i in range(1, 10)]
    return upper if upper in plain else name.strip()


# The size of one stored unit in microvolts, by format and lead, where a format has a resolution of its own.
UNITS = {}


def read_wfdb(source):
    import wfdb
    record = wfdb.rdrecord(source, smooth_frames=False, m2s=True)
    if isinstance(record, wfdb.MultiRecord):
        record = record.multi_to_single(physical=True)
    columns = record.e_p_signal if record.e_p_signal is not None else list(record.p_signal.T)
    longest = max(len(c) for c in columns)
    unit = {"mV": 1e3, "uV": 1.0, "V": 1e6, "mv": 1e3, "nV": 1e-3}
    gains = getattr(record, "adc_gain", None) or [None] * len(columns)
    out = collections.OrderedDict()
    for index, (name, units, column) in enumerate(zip(record.sig_name, record.units, columns)):
        if units not in unit:
            continue
        label = canonical(name or "signal %d" % (index + 1))
        while label in out:
            label += "'"
        if gains[index]:
            UNITS["wfdb", label] = unit[units] / gains[index]
        held = np.repeat(np.asarray(column, dtype=float), longest // len(column)) * unit[units]
        out[label] = held
    return out


def read_wfdb_annotations(source, annotator):
    import wfdb
    ann = wfdb.rdann(source, annotator)
    aux = [(a or "").rstrip("\0").strip() for a in ann.aux_note]
    return list(zip(ann.sample, ann.symbol, ann.subtype, ann.chan, ann.num, aux))


def read_dicom(source):
    import pydicom
    data = pydicom.dcmread(source)
    out = collections.OrderedDict()
    item = data.WaveformSequence[0]
    samples = data.waveform_array(0)
    padding = item.get("WaveformPaddingValue")
    raw = np.frombuffer(item.WaveformData, dtype="<i2")[:samples.size].reshape(samples.shape)
    if isinstance(padding, (bytes, bytearray)):
        padding = struct.unpack("<h", padding[:2])[0]
    for index, channel in enumerate(item.ChannelDefinitionSequence):
        unit = channel.ChannelSensitivityUnitsSequence[0].CodeValue
        factor = {"uV": 1.0, "mV": 1e3}[unit]
        column = samples[:, index] * factor
        if padding not in (None, 0):
            column = np.where(raw[:, index] == padding, np.nan, column)
        # A channel without a lead of the standard bears its name in the label.
        source_code = channel.ChannelSourceSequence[0]
        written = channel.get("ChannelLabel", "")
        name = source_code.CodeMeaning if source_code.CodeValue != "2:0" else written
        UNITS["dicom", canonical(name)] = float(channel.ChannelSensitivity) * factor
        out[canonical(name)] = column
    return out


def read_aecg(source):
    space = {"h": "urn:hl7-org:v3"}
    root = ET.parse(source).getroot()
    series = root.find("h:component/h:series", space)
    best = {}
    for sequences in series.findall("h:component/h:sequenceSet", space):
        out = collections.OrderedDict()
        for sequence in sequences.findall("h:component/h:sequence", space):
            code = sequence.find("h:code", space).get("code")
            if code.startswith("TIME"):
                continue
            value = sequence.find("h:value", space)
            origin, scale = value.find("h:origin", space), value.find("h:scale", space)
            digits = np.array(value.find("h:digits", space).text.split(), dtype=float)
            factor = {"uV": 1.0, "mV": 1e3}[scale.get("unit")]
            out[canonical(code)] = (digits * float(scale.get("value")) + float(origin.get("value"))) * factor
        if sum(map(len, out.values())) > sum(map(len, best.values())):
            best = out
    return best


def read_edf(source):
    data = open(source, "rb").read()
    count = int(data[252:256])
    header = int(data[184:192])
    records = int(data[236:244])

    def column(offset, width):
        base = 256 + offset * count
        return [data[base + i * width:base + (i + 1) * width].decode("latin-1").strip() for i in range(count)]

    labels, units = column(0, 16), column(96, 8)
    p_low, p_high, d_low, d_high = ([float(v or 0) for v in column(o, 8)] for o in (104, 112, 120, 128))
    per_record = [int(v) for v in column(216, 8)]
    words = np.frombuffer(data[header:], dtype="<i2")[:records * sum(per_record)].reshape(records, -1)
    place, out = 0, collections.OrderedDict()
    for index in range(count):
        part = words[:, place:place + per_record[index]].reshape(-1).astype(float)
        place += per_record[index]
        if labels[index] == "EDF Annotations" or units[index] not in ("uV", "mV", "V"):
            continue
        scale = (p_high[index] - p_low[index]) / (d_high[index] - d_low[index])
        factor = {"uV": 1.0, "mV": 1e3, "V": 1e6}[units[index]]
        UNITS["edf", canonical(labels[index])] = scale * factor
        out[canonical(labels[index])] = ((part - d_low[index]) * scale + p_low[index]) * factor
    return out


class Bits:
    def __init__(self, data):
        self.bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8))
        self.at = 0

    def take(self, count):
        value = 0
        for bit in self.bits[self.at:self.at + count]:
            value = value * 2 + int(bit)
        self.at += count
        return value


def default_huffman(data, count):
    """EN 1064 annex C by its description: k ones, a zero and a sign; nine or ten ones escape."""
    bits, out = Bits(data), []
    while len(out) < count:
        ones = 0
        while ones < 9 and bits.take(1):
            ones += 1
        if ones == 0:
            out.append(0)
        elif ones < 9:
            out.append(-ones if bits.take(1) else ones)
        elif bits.take(1):
            value = bits.take(16)
            out.append(value - 65536 if value >= 32768 else value)
        else:
            value = bits.take(8)
            out.append(value - 256 if value >= 128 else value)
    return np.array(out, dtype=np.int64)


def undo_differences(values, kind):
    values = values.copy()
    if kind == 1:
        return np.cumsum(values)
    if kind == 2:
        for i in range(2, len(values)):
            values[i] += 2 * values[i - 1] - values[i - 2]
    return values


SCP_LEADS = {1: "I", 2: "II", 61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 16: "X", 17: "Y", 18: "Z"}
SCP_LEADS.update({i + 2: "V%d" % i for i in range(1, 7)})


def read_scp(source):
    data = open(source, "rb").read()
    sections = {}
    at = 6 + 16
    for _ in range(12):
        ident, length, index = struct.unpack_from("<HII", data, at)
        at += 10
        if length:
            sections[ident] = data[index - 1 + 16:index - 1 + length]
    leads, flags = sections[3][0], sections[3][1]
    specs = [struct.unpack_from("<IIB", sections[3], 2 + 9 * i) for i in range(leads)]

    def coded(section, counts):
        nanovolts, interval, differences, bimodal = struct.unpack_from("<HHBB", section)
        sizes = struct.unpack_from("<%dH" % leads, section, 6)
        place, out = 6 + 2 * leads, []
        for size, count in zip(sizes, counts):
            part = section[place:place + size]
            place += size
            huffman = 2 in sections and struct.unpack_from("<H", sections[2])[0] == 19999
            raw = default_huffman(part, count) if huffman else np.frombuffer(part, "<i2")[:count].astype(np.int64)
            out.append(undo_differences(raw, differences))
        return nanovolts, interval, bimodal, out

    counts = [end - start + 1 for start, end, _ in specs]
    protected, beats, length_ms, fiducial = [], [], 0, 0
    if 4 in sections:
        length_ms, fiducial, number = struct.unpack_from("<HHH", sections[4])
        for i in range(number):
            beats.append(struct.unpack_from("<HIII", sections[4], 6 + 14 * i))
        if len(sections[4]) >= 6 + 22 * number:
            protected = [struct.unpack_from("<II", sections[4], 6 + 14 * number + 8 * i) for i in range(number)]
    nanovolts, interval, _, bimodal = struct.unpack_from("<HHBB", sections[6])
    for _, _, ident in specs:
        UNITS["scp", SCP_LEADS.get(ident)] = nanovolts / 1000
    if flags & 1 or bimodal:
        fine_nv, fine_us, _, reference = coded(sections[5], [length_ms * 1000 // struct.unpack_from("<HH", sections[5])[1]] * leads)
        rate = interval // fine_us
        inside = np.zeros(counts[0], dtype=bool)
        for begin, end in protected:
            inside[begin - 1:end] = True
        stored = counts
        if bimodal:
            edges = np.flatnonzero(np.diff(np.concatenate([[2], inside.astype(int), [2]])))
            stored = [sum((b - a) if inside[a] else -(-(b - a) // rate) for a, b in zip(edges, edges[1:]))] * leads
        nanovolts, interval, _, rhythm = coded(sections[6], stored)
        out = collections.OrderedDict()
        for lead, (values, (_, _, ident)) in enumerate(zip(rhythm, specs)):
            full = values.astype(float)
            if bimodal:
                full, place = [], 0
                for a, b in zip(edges, edges[1:]):
                    taken = (b - a) if inside[a] else -(-(b - a) // rate)
                    part = values[place:place + taken]
                    place += taken
                    if not inside[a]:
                        centres = np.arange(taken) * rate + (rate - 1) / 2
                        line = np.interp(np.arange(b - a), centres, part)
                        part = np.floor(np.abs(line) + 0.5) * np.sign(line)
                    full.extend(part)
                full = np.array(full, dtype=float)
            if flags & 1:
                for kind, begin, point, end in beats:
                    for position in range(begin, end + 1):
                        inner = position - point + fiducial - 1
                        if kind == 0 and 0 <= inner < len(reference[lead]) and 1 <= position <= len(full):
                            full[position - 1] += np.round(reference[lead][inner] * fine_nv / nanovolts)
            out[SCP_LEADS.get(ident, "SCP lead %d" % ident)] = full * nanovolts / 1000
        return out
    nanovolts, interval, _, rhythm = coded(sections[6], counts)
    return {SCP_LEADS.get(s[2], "SCP lead %d" % s[2]): r * nanovolts / 1000 for s, r in zip(specs, rhythm)}


def read_muse(source):
    root = ET.parse(source).getroot()
    rhythm = [w for w in root.findall("Waveform") if w.findtext("WaveformType") != "Median"][0]
    out = {}
    for lead in rhythm.findall("LeadData"):
        raw = np.frombuffer(base64.b64decode(lead.findtext("WaveFormData")), dtype="<i2").astype(float)
        out[lead.findtext("LeadID")] = raw * float(lead.findtext("LeadAmplitudeUnitsPerBit"))
    one, two = out["I"], out["II"]
    out.update({"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2})
    return out


def read_contec(source):
    """The maker's own export beside the file, in units of 5 microvolts; its augmented leads are rounded."""
    rows = [line.split(",") for line in open(source + ".csv", encoding="latin-1").read().splitlines()]
    columns = list(zip(*rows))
    return {name: np.array(column, dtype=float) * 5 for name, column in zip(("I", "II", "III"), columns)}


def read_csv(source):
    lines = csv.reader(open(source, encoding="utf-8", newline=""))
    names = next(lines)[1:]
    rows = [[float(v) if v else np.nan for v in line[1:]] for line in lines]
    return {name: np.array(column) for name, column in zip(names, zip(*rows))}


READERS = {
    "wfdb": read_wfdb, "dicom": read_dicom, "aecg": read_aecg, "edf": read_edf, "scp": read_scp,
    "muse": read_muse, "contec": read_contec, "csv": read_csv,
}
# Formats without a mark for a missing sample: the writer repeats the one before.
REPEATS = {"edf", "scp", "aecg"}
# Formats whose writer leaves out leads that the format has no code for.
CODED = {"scp", "aecg", "contec"}


def compare(path):
    failures = 0
    totals = collections.defaultdict(lambda: [0, 0, 0, 0])
    for line in open(path, encoding="utf-8"):
        kind, source, dump, _rate, count, labels = line.rstrip("\n").split("\t")
        count, labels = int(count), labels.split("|")
        ours = np.fromfile(dump, dtype="<f4").reshape(len(labels), count).astype(float)
        total = totals[kind]
        try:
            theirs = READERS[kind](source)
        except Exception as error:  # the second program's own failure is a finding, not a crash of the comparison
            print("second program fails on", kind, source, repr(error)[:200], file=sys.stderr)
            failures += 1
            continue
        if theirs is None:
            continue
        total[0] += 1
        found = 0
        seen = collections.Counter()
        for label, values in zip(labels, ours):
            name = label + "'" * seen[label]
            seen[label] += 1
            # EDF and DICOM cut labels at 16 characters, and EDF puts the kind of signal first.
            keys = [k for k in (name, name[:16].strip(), ("ECG " + name)[:16].strip()) if k in theirs]
            other = theirs[keys[0]] if keys else None
            if other is None:
                if kind in CODED:
                    continue
                print("no lead", label, "in", kind, source, list(theirs), file=sys.stderr)
                failures += 1
                continue
            found += 1
            other = np.asarray(other, dtype=float)[:count]
            if kind in REPEATS:
                keep = ~np.isnan(values)
                values, other = values[keep[:len(values)]], other[keep[:len(other)]]
            # Floats of 32 bits hold 24 bits of the value; a format with a unit of its own rounds to it. Where the
            # unit is the recording's own, less than half of it apart is equal.
            room = np.abs(other) * 2e-7 + 2e-3 + UNITS.get((kind, keys[0]), 0.0) * 0.5
            same = (np.isnan(values) & np.isnan(other)) | (np.abs(values - other) <= room)
            if len(values) != len(other) or not same.all():
                bad = (np.flatnonzero(~same)[:3], values[~same][:3], other[~same][:3]) if len(values) == len(other) else [len(values), len(other)]
                print("differs:", kind, source, label, bad, file=sys.stderr)
                failures += 1
            total[1] += 1
            total[2] += len(values)
        marks = [l.rstrip("\n").split("\t") for l in open(dump[:-4] + ".ann", encoding="utf-8")]
        if kind == "wfdb":
            for annotator in sorted({m[0] for m in marks if m[0] not in ("edf", "dicom", "scp", "aecg", "muse")}):
                mine = [(int(m[1]), m[2], int(m[3]), int(m[4]), int(m[5]), m[6]) for m in marks if m[0] == annotator]
                other = [(int(s), y, int(u), int(c), int(n), a) for s, y, u, c, n, a in read_wfdb_annotations(source, annotator)]
                if sorted(mine) != sorted(other):
                    wrong = [p for p in zip(sorted(mine), sorted(other)) if p[0] != p[1]][:2]
                    print("annotations differ:", source, annotator, len(mine), len(other), wrong, file=sys.stderr)
                    failures += 1
                total[3] += len(mine)
        if not found:
            print("nothing compared in", source, file=sys.stderr)
            failures += 1
    print("format  recordings  leads  samples  annotations")
    for kind, (recordings, leads, samples, marks) in sorted(totals.items()):
        print(f"{kind:7} {recordings:6} {leads:8} {samples:12} {marks:8}")
    return failures


def main():
    mode = sys.argv[1]
    if mode == "probe":
        import pydicom  # noqa: F401
        import wfdb  # noqa: F401
        return 0
    if mode == "implicit":
        import pydicom
        data = pydicom.dcmread(sys.argv[2])
        data.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
        data.save_as(sys.argv[3], implicit_vr=True, little_endian=True)
        return 0
    failures = compare(sys.argv[2])
    print(failures, "differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
