import { createFileRoute } from '@tanstack/react-router'
import { Picture } from 'unplugin-imagegen/react'
import { harbour, harbourAtNight } from '../site.image.yaml'

export const Route = createFileRoute('/')({ component: Home })

function Home() {
  return (
    <main>
      <h1>Harbour lights</h1>
      <Picture src={harbour} sizes="100vw" priority />
      <Picture src={harbourAtNight} sizes="50vw" />
      <label>
        Your name <input />
      </label>
    </main>
  )
}
