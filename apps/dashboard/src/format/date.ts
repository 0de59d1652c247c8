/** A time as the record has it, in the reader's time zone: `2026-11-30 14:05`. Any other text is returned as it is. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A time as the record has it, the same for every reader: `2026-11-30 14:05 UTC`. Any other text is returned as it is. */
export function formatUtc(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const [day, time = ""] = date.toISOString().split("T");
  return `${day} ${time.slice(0, 5)} UTC`;
}

const two = (value: number): string => String(value).padStart(2, "0");
