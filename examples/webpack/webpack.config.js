import HtmlWebpackPlugin from 'html-webpack-plugin'
import imagegen from 'unplugin-imagegen/webpack'

export default {
  entry: './src/main.ts',
  output: { filename: '[name].[contenthash].js', publicPath: '/', clean: true },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [{ test: /\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }],
  },
  plugins: [imagegen(), new HtmlWebpackPlugin({ template: 'index.html' })],
}
