import HtmlWebpackPlugin from 'html-webpack-plugin'

// Nothing of the pictures is known here: the library brings files and their URLs.
export default {
  entry: './src/main.js',
  output: { filename: '[name].[contenthash].js', clean: true },
  plugins: [new HtmlWebpackPlugin({ template: 'index.html' })],
}
