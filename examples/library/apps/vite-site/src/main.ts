import { compass, wave } from '@acme/design'
import { picture } from 'unplugin-imagegen/html'

const main = document.querySelector('main')
if (main) {
  main.innerHTML = `<h1>Acme</h1>
${picture(wave, { sizes: '100vw', priority: true })}
${picture(compass, { sizes: '50vw' })}`
}
