import { mascot } from '@acme/brand/brand.image.yaml'
import { Picture } from 'unplugin-imagegen/react'
import { quay } from './site.image.yaml'

export function App() {
  return (
    <main>
      <h1>Acme</h1>
      <Picture src={quay} sizes="100vw" priority />
      <Picture src={mascot} sizes="50vw" />
      <label>
        Your name <input />
      </label>
    </main>
  )
}
