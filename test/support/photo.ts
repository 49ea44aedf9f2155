import sharp from 'sharp'

/**
 * A camera's photo, lying on its side: its EXIF says to turn it, and where it was taken. Upright it
 * has the dimensions given, and is red above and blue below.
 */
export async function drawPhoto(
  width: number,
  height: number,
  format: 'jpeg' | 'webp' | 'png' | 'avif' = 'jpeg',
): Promise<Buffer> {
  const half = { width, height: Math.round(height / 2), channels: 3 } as const
  const upright = sharp({ create: { width, height, channels: 3, background: '#0000ff' } })
    .composite([{ input: { create: { ...half, background: '#ff0000' } }, left: 0, top: 0 }])
    .png()
  const lying = sharp(await upright.toBuffer()).rotate(270)
  return lying
    .withExif({
      IFD0: { Make: 'Skarholm Cameras' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 0/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .toFormat(format)
    .toBuffer()
}
