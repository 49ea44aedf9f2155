/** `14:05` in the machine's time zone. Takes ISO 8601. */
export function clockTime(time: string): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes()].map(part => String(part).padStart(2, '0')).join(':')
}
