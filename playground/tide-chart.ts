import sharp from 'sharp'
import { defineProvider } from 'unplugin-imagegen/api'

/** A provider of one's own: draws the heights among an image's `params` as a curve, on this machine. */
export const tideChart = defineProvider({
  name: 'tide-chart',
  sizes: ['1536x256'],
  async generate({ size, params: { heights } }) {
    const [width = 0, height = 0] = size.split('x').map(Number)
    const values = Array.isArray(heights) ? heights.map(Number) : []
    const step = width / (values.length - 1)
    const points = values.map((value, index) => `${index * step},${height * (0.85 - value / 4)}`)
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect width="100%" height="100%" fill="#e0f2fe"/>
      <path d="M0,${height} L${points.join(' L')} L${width},${height} Z" fill="#38bdf8"/>
      <path d="M${points.join(' L')}" fill="none" stroke="#0f172a" stroke-width="4"/>
    </svg>`
    const picture = await sharp(Buffer.from(svg)).png().toBuffer()
    return { picture, facts: { drawn: values.length } }
  },
})
