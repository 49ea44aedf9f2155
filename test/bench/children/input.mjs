/** What the harness handed to this script. */
export const input = JSON.parse(process.argv[2] ?? '{}')
