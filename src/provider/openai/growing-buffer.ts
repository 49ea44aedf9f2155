/** Bytes that are added to and read from the beginning. */
export interface GrowingBuffer {
  /** Longer than what it holds. */
  bytes: Buffer
  /** How many of the bytes count. */
  length: number
}

export function createGrowingBuffer(capacity = 0): GrowingBuffer {
  return { bytes: Buffer.allocUnsafeSlow(capacity), length: 0 }
}

/** Makes room for further bytes. What is taken at least doubles, so that growing stays cheap. */
export function reserve(buffer: GrowingBuffer, added: number): void {
  const needed = buffer.length + added
  if (needed <= buffer.bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.bytes.length * 2))
  buffer.bytes.copy(larger, 0, 0, buffer.length)
  buffer.bytes = larger
}
