import { withImagegen } from 'unplugin-imagegen/vitepress'
import { defineConfig } from 'vitepress'

export default withImagegen(
  defineConfig({
    title: 'Harbour lights',
    head: [['link', { rel: 'icon', href: 'data:,' }]],
  }),
)
