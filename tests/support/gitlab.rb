# frozen_string_literal: true

# Who owns what by a CODEOWNERS file of GitLab, as docs/gitlab-codeowners.md describes it, with Ruby's
# own `File.fnmatch?`.
#
# Each request is a line with the length of a file in bytes and the number of paths, then the file,
# then each path, with its length on a line before it. Each answer has a line for each path: the owners
# of each section that has any, with U+001F between sections. It is U+001E for a path that is not UTF-8
# and that Ruby refuses to match for that reason. With a third word on the line of the request, the
# owners of a section come after what its approval is, `^[name][count]`, and U+001D.

FLAGS = File::FNM_DOTMATCH | File::FNM_PATHNAME
HEADING = /^(?<optional>\^)?\[(?<name>.*?)\](?:\[(?<count>\d*)\])?(?<owners>\s+[@\w.\-\/\s+]*)?/.freeze

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
  optional = false
  count = 0
  file.lines.map(&:strip).each do |line|
    next if line.empty? || line.start_with?('#')

    if (found = line.match(HEADING))
      known = sections.keys
      same = known.find { |key| key.casecmp?(found[:name]) } unless known.size == 1
      name = same || found[:name]
      sections[name] ||= {}
      defaults = found[:owners].to_s
      optional = !found[:optional].nil?
      count = found[:count].to_i
      next
    end
    pattern, _blank, owners = line.partition(/(?<!\\)\s+/)
    excludes = pattern.start_with?('!')
    pattern = pattern[1..] if excludes
    owners = defaults if owners.empty?
    # A key that is known keeps its place.
    sections[name][normal(pattern)] = [excludes, owners_in(owners), optional, count]
  end
  sections
end

# A section is optional if all of its lines are. Each line has the count of its own heading.
def approval(name, lines, count)
  optional = lines.values.all? { |line| line[2] }
  "#{optional ? '^' : ''}[#{name}][#{[count, 1].max}]\u001d"
end

def owners_of(sections, path, detailed)
  owners = sections.map do |name, lines|
    matching = lines.select { |pattern, _line| File.fnmatch?(pattern, "/#{path}", FLAGS) }.values
    next if matching.empty? || matching.any?(&:first) || matching.last[1].empty?

    (detailed ? approval(name, lines, matching.last[3]) : '') + matching.last[1].join(' ')
  end
  owners.compact.join("\u001f")
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
  length, count, detailed = header.split
  sections = sections_of(read(length.to_i))
  count.to_i.times { $stdout.write(owners_of(sections, read($stdin.gets.to_i), detailed), "\n") }
  $stdout.flush
end
