import { Picture } from 'unplugin-imagegen/react'
import { harbourAtNight } from '../site.image.yaml'
import type { Route } from './+types/loaded'

export const loader = () => ({ picture: harbourAtNight })

export default function Loaded({ loaderData }: Route.ComponentProps) {
  return <Picture src={loaderData.picture} sizes="50vw" />
}
