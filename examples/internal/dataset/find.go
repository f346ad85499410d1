package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Source is one file of a known layout.
type Source struct {
	Layout Layout
	Name   string // the file as a person would name it; it is what errors show

	files fs.FS
	path  string
}

// Open opens the file as it is, perhaps compressed.
func (s Source) Open() (io.ReadCloser, error) {
	f, err := s.files.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return f, nil
}

// Find returns the files of known layouts under name: a file, the folder of one
// set, or a folder that holds several such folders. The layout is told by the
// header, never by the name, among files called *.csv and *.csv.gz (a file named
// itself may be called anything). They come in the order of their paths.
//
// Other files in a folder are passed over. When nothing is left, or when name is
// a file of another kind, the error is [ErrLayout].
func Find(name string) ([]Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	if info.IsDir() {
		return FindFS(os.DirFS(name), name)
	}
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	source, err := identify(os.DirFS(dir), base, name)
	if err != nil {
		return nil, err
	}
	return []Source{source}, nil
}

// FindFS is [Find] over a file system, such as an embedded one. The name is put
// before the paths to name the files.
func FindFS(files fs.FS, name string) ([]Source, error) {
	var found []Source
	err := fs.WalkDir(files, ".", func(p string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("dataset: %w", err)
		case entry.IsDir() && strings.Count(p, "/") >= 2:
			return fs.SkipDir
		case entry.IsDir(), !strings.HasSuffix(p, ".csv") && !strings.HasSuffix(p, ".csv.gz"):
			return nil
		}
		source, err := identify(files, p, path.Join(filepath.ToSlash(name), p))
		if errors.Is(err, ErrLayout) {
			return nil
		}
		if err == nil {
			found = append(found, source)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("dataset: %s: %w", name, ErrLayout)
	}
	return found, nil
}

// identify reads the header of a file.
func identify(files fs.FS, p, name string) (Source, error) {
	source := Source{Name: name, files: files, path: p}
	f, err := source.Open()
	if err != nil {
		return Source{}, err
	}
	defer func() { _ = f.Close() }() // only read
	records, err := newRecordReader(name, f)
	if err != nil {
		return Source{}, err
	}
	rec, err := records.next()
	if broken := (*RowError)(nil); err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &broken) {
		return Source{}, err
	}
	source.Layout = layoutOf(rec.values)
	if source.Layout == 0 {
		return Source{}, fmt.Errorf("dataset: %s: %w", name, ErrLayout)
	}
	return source, nil
}
