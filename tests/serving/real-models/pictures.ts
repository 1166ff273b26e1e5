import { packageFile, realPackage } from "./real-packages.ts";

/** A picture as numbers from 0 to 255: red, green and blue of each point, row by row. */
export interface Picture {
  width: number;
  height: number;
  points: Uint8ClampedArray;
}

/** What is used of the package that draws. */
interface Canvas {
  GlobalFonts: { registerFromPath(path: string, name: string): void };
  loadImage(path: string): Promise<object>;
  createCanvas(width: number, height: number): { getContext(kind: "2d"): Pen };
}

interface Pen {
  fillStyle: string;
  font: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  drawImage(image: object, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): Drawn;
}

interface Drawn {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

const FONT = "Dejavu";

const canvas = (): Canvas => realPackage<Canvas>("@napi-rs/canvas");

/** Lines of text, black on white, each at its place. */
export function writtenText(size: { width: number; height: number }, lines: { text: string; x: number; y: number }[]): Picture {
  const { createCanvas, GlobalFonts } = canvas();
  GlobalFonts.registerFromPath(packageFile("dejavu-fonts-ttf/ttf/DejaVuSerif.ttf"), FONT);
  const pen = createCanvas(size.width, size.height).getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, size.width, size.height);
  pen.fillStyle = "black";
  pen.font = `28px ${FONT}`;
  for (const { text, x, y } of lines) pen.fillText(text, x, y);
  return withoutAlpha(pen.getImageData(0, 0, size.width, size.height));
}

/** A photograph, in another size. */
export async function photograph(path: string, { width, height }: { width: number; height: number }): Promise<Picture> {
  const { createCanvas, loadImage } = canvas();
  const pen = createCanvas(width, height).getContext("2d");
  pen.drawImage(await loadImage(path), 0, 0, width, height);
  return withoutAlpha(pen.getImageData(0, 0, width, height));
}

/** The picture, upside down. */
export function turned({ width, height, points }: Picture): Picture {
  const result = new Uint8ClampedArray(points.length);
  for (let i = 0; i < width * height; i++) result.set(points.subarray(i * 3, i * 3 + 3), (width * height - 1 - i) * 3);
  return { width, height, points: result };
}

/** The part of a picture that begins at a point. */
export function cut({ width, points }: Picture, part: { x: number; y: number; width: number; height: number }): Picture {
  const result = new Uint8ClampedArray(part.width * part.height * 3);
  for (let row = 0; row < part.height; row++) {
    const from = ((part.y + row) * width + part.x) * 3;
    result.set(points.subarray(from, from + part.width * 3), row * part.width * 3);
  }
  return { width: part.width, height: part.height, points: result };
}

/** All reds, then all greens, then all blues, each through `scale`. */
export function planes({ width, height, points }: Picture, scale: (value: number, color: number) => number): Float32Array {
  const count = width * height;
  const result = new Float32Array(count * 3);
  for (let i = 0; i < count; i++)
    for (let color = 0; color < 3; color++) result[color * count + i] = scale(points[i * 3 + color]!, color);
  return result;
}

function withoutAlpha({ width, height, data }: Drawn): Picture {
  const points = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) points.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { width, height, points };
}
