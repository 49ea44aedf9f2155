import type { Meta, StoryObj } from '@storybook/react-vite'
import { Card } from './Card'
import site from './site.image.yaml'

export default {
  component: Card,
  // All images of the manifest, to choose from in the controls.
  argTypes: { image: { options: Object.keys(site), mapping: site, control: 'select' } },
} satisfies Meta<typeof Card>

export const Day: StoryObj<typeof Card> = {
  args: { title: 'By day', image: site.harbour },
}

export const Night: StoryObj<typeof Card> = {
  args: { title: 'At night', image: site['harbour-at-night'] },
}
