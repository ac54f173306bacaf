# frozen_string_literal: true

# Who owns what by a CODEOWNERS file of GitLab, as docs/gitlab-codeowners.md describes it, with Ruby's
# own `File.fnmatch?`.
#
# Each request is a line with the length of a file in bytes and the number of paths, then the file,
# then each path, with its length on a line before it. Each answer has a line for each path: the owners
# of each section that has any, with U+001F between sections. It is U+001E for a path that is not UTF-8
# and that Ruby refuses to match for that reason.

FLAGS = File::FNM_DOTMATCH | File::FNM_PATHNAME
HEADING = /^\^?\[(?<name>.*?)\](?:\[\d*\])?(?<owners>\s+[@\w.\-\/\s+]*)?/.freeze

def normal(pattern)
  return '/**/*' if pattern == '*'

  pattern = pattern.sub(/\A\\#/, '#').gsub(/\\\s+/, ' ')
  pattern = "/**/#{pattern}" unless pattern.start_with?('/')
  pattern.end_with?('/') ? "#{pattern}**/*" : pattern
end

def owners_in(text)
  text.split.select { |word| word.include?('@') }.uniq
end

def sections_of(file)
  sections = { 'codeowners' => {} }
  name = 'codeowners'
  defaults = ''
  file.lines.map(&:strip).each do |line|
    next if line.empty? || line.start_with?('#')

    if (found = line.match(HEADING))
      known = sections.keys
      same = known.find { |key| key.casecmp?(found[:name]) } unless known.size == 1
      name = same || found[:name]
      sections[name] ||= {}
      defaults = found[:owners].to_s
      next
    end
    pattern, _blank, owners = line.partition(/(?<!\\)\s+/)
    excludes = pattern.start_with?('!')
    pattern = pattern[1..] if excludes
    owners = defaults if owners.empty?
    # A key that is known keeps its place.
    sections[name][normal(pattern)] = [excludes, owners_in(owners)]
  end
  sections.values
end

def owners_of(sections, path)
  owners = sections.map do |lines|
    matching = lines.select { |pattern, _line| File.fnmatch?(pattern, "/#{path}", FLAGS) }.values
    matching.empty? || matching.any?(&:first) ? [] : matching.last[1]
  end
  owners.reject(&:empty?).map { |each| each.join(' ') }.join("\u001f")
rescue ArgumentError
  raise if path.valid_encoding?

  "\u001e"
end

def read(length)
  $stdin.read(length).to_s.force_encoding('UTF-8')
end

$stdin.binmode
$stdout.binmode
while (header = $stdin.gets)
  length, count = header.split.map(&:to_i)
  sections = sections_of(read(length))
  count.times { $stdout.write(owners_of(sections, read($stdin.gets.to_i)), "\n") }
  $stdout.flush
end
