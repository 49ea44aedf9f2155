import { gull } from '../site.image.yaml'

export const load = () => ({ gull })
