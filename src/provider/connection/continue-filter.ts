/** Bytes of one interim answer. A longer one is left to the client. */
const LONGEST_HEAD = 16 * 1024

const NOTHING = Buffer.alloc(0)

/**
 * Removes `100 Continue` before an answer. A client must be able to ignore one that it did not ask
 * for (RFC 9110, 15.2); undici 7 gives up the connection instead, and with it an answer that may have
 * been billed. Other interim answers pass.
 * @returns takes the next bytes of a connection and returns those for the client, perhaps none
 */
export function createContinueFilter(): (chunk: Buffer) => Buffer {
  let isDone = false
  let held: Buffer = NOTHING

  return chunk => {
    if (isDone) return chunk
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    const passed: Buffer[] = []
    while (held.length > 0) {
      const status = interimStatus(held)
      const end = held.indexOf('\r\n\r\n')
      if (status === 'none' || (end === -1 && held.length > LONGEST_HEAD)) {
        isDone = true
        passed.push(held)
        held = NOTHING
      } else if (end === -1) {
        // A copy: the chunk's memory may hold the next chunk by then.
        held = Buffer.from(held)
        break
      } else {
        if (status !== '100') passed.push(held.subarray(0, end + 4))
        held = held.subarray(end + 4)
      }
    }
    return passed.length === 1 ? (passed[0] ?? NOTHING) : Buffer.concat(passed)
  }
}

/** The status of the head that begins here; `unknown` while too little of it has come. */
function interimStatus(bytes: Buffer): string {
  const line = bytes.toString('latin1', 0, 12)
  const [, status] = /^HTTP\/1\.[01] (1\d\d)$/.exec(line) ?? []
  // 101 ends HTTP.
  if (status !== undefined) return status === '101' ? 'none' : status
  return 'HTTP/1.1 1'.startsWith(line) ||
    'HTTP/1.0 1'.startsWith(line) ||
    /^HTTP\/1\.[01] 1\d?$/.test(line)
    ? 'unknown'
    : 'none'
}
