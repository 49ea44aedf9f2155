import type { Metadata } from 'next'
import Image from 'next/image'
import Link from 'next/link'
import { Picture } from 'unplugin-imagegen/react'
import { gull, harbour } from '../site.image.yaml'
import { Tide } from './tide'

export const metadata: Metadata = {
  metadataBase: new URL(process.env.SITE ?? `http://localhost:${process.env.PORT ?? 3000}`),
  title: 'Harbour lights',
  icons: 'data:,',
  openGraph: { images: [{ url: harbour.src, width: harbour.width, height: harbour.height }] },
}

export default function Home() {
  return (
    <main>
      <h1>Harbour lights</h1>
      <Picture src={harbour} sizes="100vw" priority />
      <Tide />
      <Image src={gull} alt={gull.alt} placeholder="blur" sizes="320px" />
      <nav>
        <Link href="/places/night">At night</Link> <Link href="/about">About</Link>
      </nav>
    </main>
  )
}
