package status

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Mermaid returns the table of transitions as a Mermaid state diagram, with
// statuses and triggers by their stored texts. A status lists inside its box
// the triggers that leave it as it is. What leads from every active status to
// the same one is drawn once, from a box for all of them. All other triggers
// that lead from one status to another share an arrow. The color shows the
// general status. Every call returns the same text.
func Mermaid() string {
	d := draw()
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, box := range d.boxes {
		fmt.Fprintf(&b, "    state %q as %s\n", box.title, box.id)
		if box.body != "" {
			fmt.Fprintf(&b, "    %s: %s\n", box.id, box.body)
		}
	}
	b.WriteString("\n")
	for _, a := range d.arrows {
		fmt.Fprintf(&b, "    %s --> %s", cmp.Or(a.from, "[*]"), cmp.Or(a.to, "[*]"))
		if a.label != "" {
			fmt.Fprintf(&b, ": %s", a.label)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	for g := range AllGeneral() {
		fmt.Fprintf(&b, "    classDef general_%s fill:%s,stroke:%s,color:%s\n", g, fill[g], stroke[g], ink)
		for _, box := range d.boxes {
			if box.general == g {
				fmt.Fprintf(&b, "    class %s general_%s\n", box.id, g)
			}
		}
	}
	return b.String()
}

// Graphviz returns the diagram of [Mermaid] in the DOT language.
func Graphviz() string {
	d := draw()
	var b strings.Builder
	b.WriteString("digraph status {\n")
	b.WriteString("    node [shape=Mrecord, style=filled, fillcolor=white, fontname=\"Helvetica\", fontcolor=\"" + ink + "\"];\n")
	b.WriteString("    edge [fontname=\"Helvetica\", fontsize=11];\n\n")
	b.WriteString("    start [shape=circle, label=\"\", width=0.2, fillcolor=\"" + ink + "\"];\n")
	b.WriteString("    end [shape=doublecircle, label=\"\", width=0.15, fillcolor=\"" + ink + "\"];\n")
	for _, box := range d.boxes {
		label := box.title
		if box.body != "" {
			label = "{" + box.title + "|" + box.body + "}"
		}
		fmt.Fprintf(&b, "    %s [label=%q", box.id, label)
		if g := box.general; g != 0 {
			fmt.Fprintf(&b, ", fillcolor=%q, color=%q", fill[g], stroke[g])
		}
		b.WriteString("];\n")
	}
	b.WriteString("\n")
	for _, a := range d.arrows {
		fmt.Fprintf(&b, "    %s -> %s", cmp.Or(a.from, "start"), cmp.Or(a.to, "end"))
		if a.label != "" {
			fmt.Fprintf(&b, " [label=%q]", a.label)
		}
		b.WriteString(";\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// A diagram is what both languages draw.
type diagram struct {
	boxes  []box
	arrows []arrow
}

// general is zero for the box that stands for all active statuses.
type box struct {
	id, title, body string
	general         General
}

// An arrow without from comes from the start mark, one without to goes to the
// end mark.
type arrow struct {
	from, to, label string
}

const activeID = "active"

// Colors that can be read on a light and on a dark page.
const ink = "#1f2328"

var (
	fill = [...]string{
		GeneralWaiting: "#fff3cd",
		GeneralReplied: "#d1e7dd",
		GeneralClosed:  "#e2e3e5",
	}
	stroke = [...]string{
		GeneralWaiting: "#b58105",
		GeneralReplied: "#2c7a51",
		GeneralClosed:  "#6c757d",
	}
)

func draw() diagram {
	type pair struct{ from, to Detailed } // from is zero for all active ones
	var (
		active   []string
		stays    = map[Detailed][]string{}
		triggers = map[pair][]string{}
	)
	for _, row := range table {
		p, name := pair{row.From, row.To}, row.Trigger.String()
		if row.From.Active() && leadsToOne(row.Trigger) {
			p.from = 0
		}
		switch {
		case p.from == p.to:
			stays[p.from] = append(stays[p.from], name)
		case !slices.Contains(triggers[p], name):
			triggers[p] = append(triggers[p], name)
		}
	}

	var d diagram
	for s := range AllDetailed() {
		if s.Active() {
			active = append(active, s.String())
		}
		b := box{id: s.String(), title: s.String(), general: s.General()}
		if len(stays[s]) > 0 {
			b.body = "stays on " + strings.Join(stays[s], ", ")
		}
		d.boxes = append(d.boxes, b)
	}
	d.boxes = append(d.boxes, box{id: activeID, title: "any active status", body: strings.Join(active, ", ")})

	d.arrows = append(
		d.arrows,
		arrow{to: New.String(), label: "incoming"},
		arrow{to: Accepted.String(), label: "outgoing"},
	)
	for from := range Spam + 1 {
		for to := range AllDetailed() {
			if names := triggers[pair{from, to}]; len(names) > 0 {
				a := arrow{from: activeID, to: to.String(), label: strings.Join(names, ", ")}
				if from != 0 {
					a.from = from.String()
				}
				d.arrows = append(d.arrows, a)
			}
		}
		if from != 0 && next[from] == [len(next[from])]Detailed{} {
			d.arrows = append(d.arrows, arrow{from: from.String()})
		}
	}
	return d
}

// leadsToOne reports whether t is allowed in every active status and leads
// from all of them to the same one.
func leadsToOne(t Trigger) bool {
	for s := range AllDetailed() {
		if s.Active() && (next[s][t] == 0 || next[s][t] != next[New][t]) {
			return false
		}
	}
	return true
}
