import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'

/** Numbers that look random and are the same in every run. */
function createNoise(seed: number): () => number {
  let state = seed + 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** A PNG that hardly compresses: about 2.5 bytes a pixel. */
export async function writeNoise(file: string, width: number, height: number): Promise<void> {
  const noise = createNoise(1)
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0; at < data.length; at++) data[at] = noise() * 102
  const png = sharp(data, { raw: { width, height, channels: 3 } }).png({ adaptiveFiltering: false })
  await writeFile(file, await png.toBuffer())
}

/** A PNG with areas, edges and a little grain, as generated pictures have. */
export async function writeScene(
  file: string,
  width: number,
  height: number,
  seed: number,
): Promise<void> {
  const noise = createNoise(seed)
  const shapes = Array.from({ length: 60 }, () => {
    const [x, y, size] = [noise() * width, noise() * height, 20 + noise() * 240]
    const color = `hsl(${noise() * 360} ${30 + noise() * 60}% ${20 + noise() * 60}%)`
    return noise() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${color}" fill-opacity="0.8"/>`
      : `<path d="M${x} ${y}l${size} ${size / 3}l${-size / 2} ${size}z" fill="${color}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#1d3b6b"/><stop offset="1" stop-color="#f2b880"/></linearGradient><rect width="100%" height="100%" fill="url(#sky)"/>${shapes.join('')}</svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  for (let at = 0; at < data.length; at++) {
    data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + noise() * 12 - 6))
  }
  const { channels } = info
  await sharp(data, { raw: { width, height, channels } }).png().toFile(file)
}
