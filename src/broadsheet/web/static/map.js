// The map. Points come once and whole, titles a few at a time. Many points are written into pixels by hand, which takes
// milliseconds for a hundred thousand of them; few are drawn as discs. A grid says who is near the pointer. On a screen with
// two pixels for each of the page's, points that move are drawn with one, and sharp again when they stand still.
(() => {
  "use strict";
  const figure = document.querySelector("[data-points]");
  if (!figure || !window.fetch) return;
  const canvas = figure.querySelector("canvas"), tip = figure.querySelector(".tip"), link = tip.firstElementChild;
  const paint = canvas.getContext("2d");
  const CELLS = 256, FEW = 3000, REACH = 9, DEEPEST = 400;
  const regions = [...document.querySelectorAll("[data-region]")].map((one) => ({
    number: Number(one.dataset.region), x: Number(one.dataset.x), y: Number(one.dataset.y), title: one.querySelector("h2"),
    name: one.querySelector("h2").firstChild.textContent.trim(), size: one.querySelector("small").textContent,
  }));
  const only = regions.length === 1 && /[?&]region=/.test(location.search) ? regions[0].number : -1;
  const titles = new Map(), asked = new Set(), pointers = new Map();
  let count = 0, numbers, xs, ys, own, starts; // the points in the order of their cells: a frame reads them one after the other
  let colours = [], inks, ink = "", paperColour = "", font = "";
  let wide = 0, high = 0, ratio = 1, fine = null, coarse = null, rough = false, rest = 0;
  let scale = 1, left = 0, top_ = 0, least = 1; // a point's place in CSS pixels: x * scale + left
  let waiting = 0, shown = -1, moved = 0, wish = 0;

  const sheet = (onto, grain) => {
    const { width, height } = onto.canvas, image = onto.createImageData(width, height);
    // Alpha, blue, green, red, as every browser's machine has them.
    return { onto, grain, width, height, image, pixels: new Uint32Array(image.data.buffer) };
  };

  const later = () => { waiting = waiting || requestAnimationFrame(draw); };

  const read = (buffer) => {
    const head = new DataView(buffer);
    if (buffer.byteLength < 8 || head.getUint32(0) !== 0x424d4150) throw new Error("no points");
    count = head.getUint32(4, true);
    const sent = [
      new Uint32Array(buffer, 8, count), new Uint16Array(buffer, 8 + 4 * count, count),
      new Uint16Array(buffer, 8 + 6 * count, count), new Uint8Array(buffer, 8 + 8 * count, count),
    ];
    [numbers, xs, ys, own] = sent.map((one) => one.slice());
    starts = new Uint32Array(CELLS * CELLS + 1);
    const cell = (i) => (sent[2][i] >> 8) * CELLS + (sent[1][i] >> 8);
    for (let i = 0; i < count; i += 1) starts[cell(i) + 1] += 1;
    for (let i = 0; i < CELLS * CELLS; i += 1) starts[i + 1] += starts[i];
    const next = starts.slice();
    for (let i = 0; i < count; i += 1) {
      const at = next[cell(i)]++;
      numbers[at] = sent[0][i]; xs[at] = sent[1][i]; ys[at] = sent[2][i]; own[at] = sent[3][i];
    }
  };

  const channels = (text) => (text.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);

  const look = () => {
    const style = getComputedStyle(canvas);
    ink = style.color; paperColour = style.backgroundColor;
    font = style.fontFamily;
    const soft = channels(getComputedStyle(figure.nextElementSibling || figure).color);
    colours = Array(256).fill(soft);
    for (const one of regions) colours[one.number] = channels(getComputedStyle(one.title).color);
    inks = Uint32Array.from(colours, ([r, g, b]) => b << 16 | g << 8 | r);
    later();
  };

  const whole = () => {
    // All but the few that stand far out: they come into sight where one drags them to.
    const ends = (places) => {
      const sorted = places.filter((_, i) => only < 0 || own[i] === only).sort(), out = Math.floor(sorted.length / 250);
      return [sorted[out], sorted[sorted.length - 1 - out]];
    };
    const [x0, x1] = ends(xs), [y0, y1] = ends(ys), room = 0.9;
    least = scale = room * Math.min(wide / Math.max(x1 - x0, 600), high / Math.max(y1 - y0, 600));
    left = wide / 2 - scale * (x0 + x1) / 2;
    top_ = high / 2 - scale * (y0 + y1) / 2;
    canvas.classList.remove("moved");
    later();
  };

  const fit = () => {
    const box = canvas.getBoundingClientRect();
    const first = !wide, middleX = (wide / 2 - left) / scale, middleY = (high / 2 - top_) / scale;
    wide = box.width; high = box.height; ratio = Math.min(2, devicePixelRatio || 1);
    canvas.width = Math.round(wide * ratio); canvas.height = Math.round(high * ratio);
    fine = coarse = sheet(paint, ratio);
    if (ratio > 1) {
      const other = document.createElement("canvas");
      other.width = Math.round(wide); other.height = Math.round(high);
      coarse = sheet(other.getContext("2d"), 1);
    }
    if (first) whole(); else { left = wide / 2 - scale * middleX; top_ = high / 2 - scale * middleY; }
    later();
  };

  // The points of a part, row of cells by row of cells: from which to which.
  const runs = (x0, y0, x1, y1, visit) => {
    const low = (value) => Math.max(0, Math.min(CELLS - 1, Math.floor(value / 256)));
    const from = low(x0), to = low(x1);
    for (let row = low(y0), last = low(y1); row <= last; row += 1) visit(starts[row * CELLS + from], starts[row * CELLS + to + 1]);
  };
  const each = (x0, y0, x1, y1, visit) => runs(x0, y0, x1, y1, (from, to) => { for (let i = from; i < to; i += 1) visit(i); });
  const seen = () => [-left / scale, -top_ / scale, (wide - left) / scale, (high - top_) / scale];

  const dots = (radius) => {
    const { onto, grain, width, height, image, pixels } = rough ? coarse : fine;
    const s = scale * grain, x0 = left * grain, y0 = top_ * grain;
    const side = Math.max(1, Math.round(radius * 2 * grain)), half = side >> 1;
    const add = count > 20000 ? 150 : 210;
    pixels.fill(0);
    runs(...seen(), (from, to) => {
      for (let i = from; i < to; i += 1) {
        const x = (xs[i] * s + x0 | 0) - half, y = (ys[i] * s + y0 | 0) - half;
        if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
        const rgb = inks[own[i]], fresh = add << 24 | rgb, mixed = (rgb & 0xfefefe) >>> 1;
        for (let row = y * width + x, end = row + side * width; row < end; row += width) {
          for (let at = row; at < row + side; at += 1) {
            const was = pixels[at]; // a second point makes a place denser, and mixes its colour in
            pixels[at] = was ? Math.min(255, (was >>> 24) + add) << 24 | ((was & 0xfefefe) >>> 1) + mixed : fresh;
          }
        }
      }
    });
    onto.putImageData(image, 0, 0);
    if (onto === paint) return;
    paint.clearRect(0, 0, canvas.width, canvas.height);
    paint.imageSmoothingEnabled = false;
    paint.drawImage(onto.canvas, 0, 0, canvas.width, canvas.height);
  };

  const moving = () => {
    rough = true;
    clearTimeout(rest);
    rest = setTimeout(() => { rough = false; if (coarse !== fine) later(); }, 150);
    later();
  };

  const discs = (radius) => {
    paint.clearRect(0, 0, canvas.width, canvas.height);
    each(...seen(), (i) => {
      const [r, g, b] = colours[own[i]];
      paint.fillStyle = `rgb(${r} ${g} ${b} / .8)`;
      paint.beginPath();
      paint.arc((xs[i] * scale + left) * ratio, (ys[i] * scale + top_) * ratio, radius * ratio, 0, 7);
      paint.fill();
    });
  };

  // The largest first; a name that would lie on another is left out until there is room.
  const names = () => {
    const taken = [], size = wide < 500 ? 13 : 15;
    paint.font = `600 ${size * ratio}px ${font}`;
    paint.textAlign = "center"; paint.textBaseline = "middle"; paint.lineJoin = "round";
    for (const one of regions) {
      const words = one.name.split(", ").slice(0, 2), lines = wide < 500 ? words.slice(0, 1) : words;
      const half = Math.max(...lines.map((line) => paint.measureText(line).width)) / ratio / 2 + 4, tall = lines.length * size * 0.6 + 3;
      let x = one.x * scale + left, y = one.y * scale + top_;
      if (x < -half || x > wide + half || y < -tall || y > high + tall) continue;
      x = Math.min(Math.max(x, half), wide - half); y = Math.min(Math.max(y, tall), high - tall);
      if (taken.some(([u, v, w, h]) => Math.abs(u - x) < w + half && Math.abs(v - y) < h + tall)) continue;
      taken.push([x, y, half, tall]);
      lines.forEach((line, place) => {
        const at = y + (place - (lines.length - 1) / 2) * size * 1.2;
        paint.strokeStyle = paperColour; paint.lineWidth = 4 * ratio; paint.fillStyle = ink;
        paint.strokeText(line, x * ratio, at * ratio);
        paint.fillText(line, x * ratio, at * ratio);
      });
    }
  };

  const draw = () => {
    waiting = 0;
    let many = 0;
    runs(...seen(), (from, to) => { many += to - from; });
    const near = Math.sqrt(scale / least);
    if (many <= FEW) discs(Math.min(6, Math.max(2.2, (count > FEW ? 1.6 : 3) * Math.sqrt(near)))); else dots(Math.min(3, count > 40000 ? 0.75 * near : near));
    names();
    if (shown >= 0) {
      paint.strokeStyle = ink; paint.lineWidth = 2 * ratio;
      paint.beginPath();
      paint.arc((xs[shown] * scale + left) * ratio, (ys[shown] * scale + top_) * ratio, 7 * ratio, 0, 7);
      paint.stroke();
    }
  };

  const nearest = (x, y, reach) => {
    const u = (x - left) / scale, v = (y - top_) / scale, r = reach / scale;
    let best = -1, far = r * r;
    each(u - r, v - r, u + r, v + r, (i) => {
      const d = (xs[i] - u) ** 2 + (ys[i] - v) ** 2;
      if (d <= far) { far = d; best = i; }
    });
    return best;
  };

  // Titles of a point, and of some around it that will be asked for next.
  const fetchTitles = (point) => {
    const wanted = [numbers[point]], r = 24 / scale;
    each(xs[point] - r, ys[point] - r, xs[point] + r, ys[point] + r, (i) => {
      const number = numbers[i];
      if (wanted.length < 40 && !titles.has(number) && !asked.has(number)) wanted.push(number);
    });
    wanted.forEach((number) => asked.add(number));
    fetch(`/map.json?of=${wanted.join()}`).then((answer) => (answer.ok ? answer.json() : {})).then((found) => {
      for (const [number, row] of Object.entries(found)) titles.set(Number(number), row);
      if (shown >= 0 && titles.has(numbers[shown])) say();
    }).catch(() => {}).finally(() => wanted.forEach((number) => asked.delete(number)));
  };

  const say = () => {
    const row = titles.get(numbers[shown]);
    if (!row) return;
    link.textContent = row[0];
    link.href = row[1];
    tip.hidden = false;
    if (tip.classList.contains("touched")) { tip.removeAttribute("style"); return; }
    const x = xs[shown] * scale + left, y = ys[shown] * scale + top_, box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(wide - box.width - 4, x + 14))}px`;
    tip.style.top = `${y + 16 + box.height > high ? Math.max(4, y - box.height - 14) : y + 14}px`;
  };

  const show = (point) => {
    if (point === shown) return;
    shown = point;
    tip.hidden = true;
    canvas.classList.toggle("near", point >= 0);
    clearTimeout(wish);
    if (point >= 0) {
      if (titles.has(numbers[point])) say(); else wish = setTimeout(fetchTitles, 50, point);
    }
    later();
  };

  const zoom = (by, x, y) => {
    const now = Math.min(least * DEEPEST, Math.max(least, scale * by));
    if (now === scale) return false;
    left = x - (x - left) * now / scale; top_ = y - (y - top_) * now / scale;
    scale = now;
    canvas.classList.toggle("moved", scale > least * 1.01);
    show(-1); moving();
    return true;
  };

  const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };

  canvas.addEventListener("wheel", (event) => {
    // Where the map cannot grow smaller, the wheel turns the page.
    if (zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event))) event.preventDefault();
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    moved = pointers.size > 1 ? 99 : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId), now = at(event);
    if (!before) { if (event.pointerType !== "touch") { tip.classList.remove("touched"); show(nearest(...now, REACH)); } return; }
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    if (others.length) {
      const [x, y] = others[0], was = Math.hypot(before[0] - x, before[1] - y), is = Math.hypot(now[0] - x, now[1] - y);
      if (was > 0) zoom(is / was, x, y);
    } else {
      moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      left += now[0] - before[0]; top_ += now[1] - before[1];
      if (moved > 4) { canvas.classList.add("held"); show(-1); }
      moving();
    }
    pointers.set(event.pointerId, now);
  });
  const let_go = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    canvas.classList.remove("held");
    if (event.type === "pointercancel" || moved > 4) return;
    const touch = event.pointerType === "touch", point = nearest(...at(event), touch ? 20 : REACH);
    if (touch) { tip.classList.add("touched"); show(point); return; }
    const row = point >= 0 && titles.get(numbers[point]);
    if (row) { if (event.ctrlKey || event.metaKey) window.open(row[1], "_blank", "noopener"); else location.assign(row[1]); } else show(point);
  };
  canvas.addEventListener("pointerup", let_go);
  canvas.addEventListener("pointercancel", let_go);
  canvas.addEventListener("pointerleave", () => { if (!tip.classList.contains("touched")) show(-1); });

  figure.querySelector(".tools").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value === "whole") whole(); else zoom(button.value === "in" ? 1.6 : 1 / 1.6, wide / 2, high / 2);
  });

  fetch(figure.dataset.points).then((answer) => { if (!answer.ok) throw new Error(answer.statusText); return answer.arrayBuffer(); }).then((buffer) => {
    read(buffer);
    figure.hidden = false;
    fit();
    look();
    new ResizeObserver(fit).observe(canvas);
    new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
    figure.dataset.ready = count;
  }).catch(() => { figure.remove(); }); // the list has them all
})();
