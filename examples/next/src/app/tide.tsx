'use client'

import { useState } from 'react'
import { Picture } from 'unplugin-imagegen/react'
import { harbourAtNight } from '../site.image.yaml'

export function Tide() {
  const [name, setName] = useState('')
  return (
    <section>
      <Picture src={harbourAtNight} sizes="50vw" />
      <label>
        Your name <input value={name} onChange={event => setName(event.target.value)} />
      </label>
    </section>
  )
}
