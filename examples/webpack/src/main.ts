import { picture } from 'unplugin-imagegen/html'
import { harbour, harbourAtNight } from './site.image.yaml'

const main = document.querySelector('main')
if (main) {
  main.innerHTML = `<h1>Harbour lights</h1>
${picture(harbour, { sizes: '100vw', priority: true })}
${picture(harbourAtNight, { sizes: '50vw' })}
<label>Your name <input></label>`
}
