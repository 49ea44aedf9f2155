import type { StorybookConfig } from '@storybook/react-vite'

export default {
  // The plugin stands in vite.config.ts, which Storybook reads.
  framework: '@storybook/react-vite',
  stories: ['../src/**/*.stories.tsx'],
} satisfies StorybookConfig
