import { formatNumber, noValue } from "./number.ts";

/** A duration in its two largest units: `850 ms`, `3.2 s`, `4 min 05 s`, `2 h 13 min`, `3 d 04 h`. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return noValue;
  if (milliseconds < 999.5) return `${formatNumber(milliseconds, 0)} ms`;
  if (milliseconds < 59_950) return `${formatNumber(milliseconds / 1000, 1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${padded(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${padded(hours % 24)} h`;
}

const padded = (value: number): string => String(value).padStart(2, "0");
