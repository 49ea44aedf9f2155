import { notFound } from 'next/navigation'
import { Picture } from 'unplugin-imagegen/react'
import { harbour, harbourAtNight } from '../../../site.image.yaml'

const PLACES = new Map<string, typeof harbour | typeof harbourAtNight>([
  ['dawn', harbour],
  ['night', harbourAtNight],
])

export const metadata = { icons: 'data:,' }

export const generateStaticParams = () => [...PLACES.keys()].map(name => ({ name }))

export default async function Place({ params }: { params: Promise<{ name: string }> }) {
  const picture = PLACES.get((await params).name)
  if (!picture) notFound()
  return <Picture src={picture} sizes="100vw" />
}
