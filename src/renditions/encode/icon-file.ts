/** A square picture of an icon file. */
export interface IconPicture {
  /** Pixels, 1 to 256. */
  readonly side: number
  readonly png: Uint8Array
}

const HEADER_BYTES = 6
const ENTRY_BYTES = 16
const ICON = 1

/** Writes an icon file (.ico): a header, a directory, and the pictures as PNG. Pure. */
export function renderIconFile(pictures: readonly IconPicture[]): Buffer {
  const directory = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * pictures.length)
  directory.writeUInt16LE(ICON, 2)
  directory.writeUInt16LE(pictures.length, 4)
  let offset = directory.length
  for (const [index, { side, png }] of pictures.entries()) {
    const at = HEADER_BYTES + ENTRY_BYTES * index
    // 0 stands for 256.
    directory.writeUInt8(side % 256, at)
    directory.writeUInt8(side % 256, at + 1)
    directory.writeUInt16LE(1, at + 4) // planes
    directory.writeUInt16LE(32, at + 6) // bits a pixel
    directory.writeUInt32LE(png.length, at + 8)
    directory.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([directory, ...pictures.map(({ png }) => png)])
}
