namespace GpuDecodeBench.Browser.Tests;

/// <summary>Scripts that look at a page and return what is wrong with it, each finding a line; an empty list where nothing is.</summary>
internal static class PageChecks
{
    /// <summary>Marks, bars, strokes and error bars lie within the plot area of their chart, but for the size of a mark.</summary>
    public const string MarksWithinPlots = """
        () => [...document.querySelectorAll("figure svg[role=img]")].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
          const plot = svg.querySelector(".plot").getBBox();
          const slack = 7;
          return [...svg.querySelectorAll(".mark,.bar,.stroke,.spread,.error,.line,.target,.whisker,.band")].flatMap((mark) => {
            const box = mark.getBBox();
            const inside = box.x >= plot.x - slack && box.y >= plot.y - slack
              && box.x + box.width <= plot.x + plot.width + slack && box.y + box.height <= plot.y + plot.height + slack;
            return inside ? [] : [`${svg.closest("figure").id}: ${mark.getAttribute("class")} at ${box.x}, ${box.y}`];
          });
        })
        """;

    /// <summary>Every visible chart has marks, bars or lines at all.</summary>
    public const string ChartsWithoutMarks = """
        () => [...document.querySelectorAll("figure svg[role=img]")].filter((svg) => svg.checkVisibility())
          .filter((svg) => !svg.querySelector(".mark,.bar,.stroke,.line,.missing")).map((svg) => svg.closest("figure").id)
        """;

    /// <summary>No two texts of a chart overlap, and none is cut off by the chart's edge.</summary>
    public const string OverlappingTexts = """
        () => [...document.querySelectorAll("figure svg[role=img]")].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
          const id = svg.closest("figure").id;
          const found = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
            .map(({ text, box }) => `${id}: '${text}' is cut off (${[box.left-frame.left, box.right-frame.right, box.top-frame.top, box.bottom-frame.bottom].map((one) => one.toFixed(1))})`);
          texts.forEach((one, i) => texts.slice(i + 1).forEach((other) => {
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            if (wide > 1 && high > 3) found.push(`${id}: '${one.text}' over '${other.text}'`);
          }));
          return found;
        })
        """;

    /// <summary>One h1 first, and no level is left out on the way down.</summary>
    public const string Headings = """
        () => {
          const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((one) => [Number(one.tagName[1]), one.textContent]);
          const found = levels.filter(([level]) => level === 1).length === 1 && levels[0][0] === 1 ? [] : ["there must be one h1, and first"];
          levels.slice(1).forEach(([level, text], i) => { if (level > levels[i][0] + 1) found.push(`'${text}' skips a level`); });
          return found.concat(levels.filter(([, text]) => !text.trim()).map(() => "an empty heading"));
        }
        """;

    /// <summary>Everything that can be operated has a name, charts are described, tables have captions, ids are unique, links lead somewhere.</summary>
    public const string Labels = """
        () => {
          const named = (one) => one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim();
          const found = [...document.querySelectorAll("input,select,button,a[href],summary")].filter((one) => !named(one)).map((one) => `no name: ${one.outerHTML.slice(0, 80)}`);
          for (const svg of document.querySelectorAll("svg[role=img]")) {
            const texts = svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id)?.textContent.trim());
            if (texts.length !== 2 || texts.some((text) => !text)) found.push(`not described: ${svg.closest("figure").id}`);
          }
          for (const table of document.querySelectorAll("table")) {
            if (!table.caption?.textContent.trim() || !table.querySelector("th[scope=col]")) found.push("a table without a caption or headers");
          }
          const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
          found.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `the id ${id} is there twice`));
          found.push(...[...document.querySelectorAll("a[href^='#']")].filter((one) => !document.getElementById(one.hash.slice(1))).map((one) => `${one.hash} leads nowhere`));
          if (!document.documentElement.lang) found.push("no language");
          return found;
        }
        """;

    /// <summary>Text has 4.5:1 against what is behind it (3:1 where it is large), marks of charts 3:1.</summary>
    public const string Contrast = """
        () => {
          const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
          const channel = (c) => ((c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          const light = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
          const ground = (node) => {
            for (; node; node = node.parentElement) {
              const colour = parse(getComputedStyle(node).backgroundColor);
              if (colour.a > 0.99) return colour;
            }
            return { r: 255, g: 255, b: 255 };
          };
          const found = new Set();
          const check = (node, colour, least, what) => {
            const value = ratio(parse(colour), ground(node));
            if (value < least - 0.005) found.add(`${what}: ${value.toFixed(2)} instead of ${least}`);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest("script,style,title,desc")) continue;
            const style = getComputedStyle(node);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            const svg = node instanceof SVGElement;
            check(node, svg ? style.fill : style.color, large ? 3 : 4.5, `${node.tagName}.${node.getAttribute("class") ?? ""} '${node.textContent.trim().slice(0, 30)}'`);
          }
          for (const mark of document.querySelectorAll("svg .mark:not(.minor), svg .bar, svg .line:not(.halo), svg .target, svg .whisker, svg .reference")) {
            if (!mark.checkVisibility()) continue;
            const style = getComputedStyle(mark);
            check(mark, style.fill === "none" ? style.stroke : style.fill, 3, `${mark.getAttribute("class")}`);
          }
          return [...found];
        }
        """;

    /// <summary>Nothing makes the page wider than the screen.</summary>
    public const string TooWide = """
        () => document.documentElement.scrollWidth <= innerWidth ? []
          : [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll,svg"))
              .map((one) => `${one.tagName}.${one.className} reaches to ${one.getBoundingClientRect().right}`).slice(0, 10)
        """;
}
