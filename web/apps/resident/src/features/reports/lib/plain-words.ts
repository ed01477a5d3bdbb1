// What a measurement means, for somebody who is no doctor. No diagnosis: that is the report's conclusion.
type Pair = readonly [zh: string, en: string];

export interface PlainMeasurement {
  name: Pair;
  meaning: Pair;
}

export const PLAIN: Record<string, PlainMeasurement> = {
  heart_rate_bpm: { name: ["心率", "Heart rate"], meaning: ["心脏每分钟跳动的次数", "Beats of the heart in a minute"] },
  rr_mean_ms: {
    name: ["平均 RR 间期", "Mean RR"],
    meaning: ["相邻两次心跳之间的时间", "Time from one beat to the next"],
  },
  p_duration_ms: {
    name: ["P 波时限", "P duration"],
    meaning: ["心房收到电信号所用的时间", "Time the upper chambers take to be excited"],
  },
  pr_ms: {
    name: ["PR 间期", "PR interval"],
    meaning: ["电信号从心房传到心室的时间", "Time for the signal to pass from the upper to the lower chambers"],
  },
  qrs_ms: {
    name: ["QRS 时限", "QRS duration"],
    meaning: ["心室收到电信号所用的时间", "Time the lower chambers take to be excited"],
  },
  qt_ms: {
    name: ["QT 间期", "QT interval"],
    meaning: ["心室从兴奋到恢复的时间", "Time the lower chambers take to be excited and recover"],
  },
  qtc_bazett_ms: {
    name: ["校正 QT 间期", "Corrected QT"],
    meaning: ["按心率折算后的 QT 间期", "QT, allowing for the heart rate"],
  },
  qtc_fridericia_ms: {
    name: ["校正 QT 间期（F）", "Corrected QT (F)"],
    meaning: ["按心率折算后的 QT 间期", "QT, allowing for the heart rate"],
  },
  qrs_axis_deg: {
    name: ["心电轴", "Heart axis"],
    meaning: ["心脏电活动的主要方向", "Main direction of the heart's electrical activity"],
  },
  p_axis_deg: { name: ["P 电轴", "P axis"], meaning: ["心房电活动的主要方向", "Main direction in the upper chambers"] },
  t_axis_deg: {
    name: ["T 电轴", "T axis"],
    meaning: ["心室恢复时电活动的方向", "Main direction while the lower chambers recover"],
  },
  rv5_uv: { name: ["RV5", "RV5"], meaning: ["V5 导联 R 波的高度", "Height of the R wave in V5"] },
  sv1_uv: { name: ["SV1", "SV1"], meaning: ["V1 导联 S 波的深度", "Depth of the S wave in V1"] },
  rv5_sv1_uv: {
    name: ["RV5+SV1", "RV5+SV1"],
    meaning: ["左心室电压的参考值", "A figure for the voltage of the left chamber"],
  },
};

const UNITS: Record<string, Pair> = {
  bpm: ["次/分", "bpm"],
  ms: ["毫秒", "ms"],
  deg: ["°", "°"],
  "°": ["°", "°"],
};

/** A figure with its unit as people say it; microvolts become millivolts. */
export function plainValue(value: number, unit: string, lang: "zh" | "en"): string {
  if (unit === "uv" || unit === "µV" || unit === "uV") return `${(value / 1000).toFixed(2)} mV`;
  const pair = UNITS[unit];
  const shown = Number.isInteger(value) ? String(value) : String(Math.round(value));
  return `${shown} ${pair ? pair[lang === "zh" ? 0 : 1] : unit}`;
}
