import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import { equal } from "../runtime/compare.ts";

/** Items that follow one another and have one value in common. */
class Group {
  readonly grouper: unknown;
  readonly list: unknown[];

  constructor(grouper: unknown, list: unknown[]) {
    this.grouper = grouper;
    this.list = list;
  }

  *[Symbol.iterator](): Generator<unknown> {
    yield this.grouper;
    yield this.list;
  }
}

/** `{% regroup people by city as cities %}` */
export const regroupTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents);
  const [, items, by, key, as, name] = words;
  if (words.length !== 6 || by !== "by" || as !== "as") {
    throw parser.problem(`{% ${token.contents} %} is not understood.`, "Write {% regroup list by key as name %}.");
  }
  const list = parser.expression(items!);
  const grouper = parser.expression(`${name}.${key}`);
  return {
    usesContext: true,
    compile: (compiler) => {
      const [all, groups, i, value] = [compiler.temporary(), compiler.temporary(), compiler.temporary(), compiler.temporary()];
      compiler.emit(`${all} = loopItems(${compiler.value(list, "null")}, 1); ${groups} = [];`);
      compiler.emit(`for (${i} = 0; ${i} < ${all}.length; ${i}++) {`);
      compiler.within([name!], [], (bind) => {
        bind(name!, `${all}[${i}]`);
        compiler.emit(`${value} = ${compiler.value(grouper, "null")};`);
      });
      compiler.emit(`${compiler.constant(addToGroup)}(${groups}, ${value}, ${all}[${i}]); }`);
      compiler.assign(name!, groups);
    },
  };
};

function addToGroup(groups: Group[], value: unknown, item: unknown): void {
  const last = groups.at(-1);
  if (last && equal(last.grouper, value)) last.list.push(item);
  else groups.push(new Group(value, [item]));
}
