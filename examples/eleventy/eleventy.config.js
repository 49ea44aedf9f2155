import { picture } from 'unplugin-imagegen/html'

export default function (config) {
  config.addPassthroughCopy({ 'public/img': 'img' })
  config.addShortcode('picture', (asset, sizes, priority) => picture(asset, { sizes, priority }))
  return { dir: { input: 'src', output: 'dist' } }
}
