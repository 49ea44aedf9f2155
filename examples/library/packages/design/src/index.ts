export { compass, wave } from './design.image.yaml'
