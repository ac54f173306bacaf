# frozen_string_literal: true

# Who owns what by a CODEOWNERS file of GitLab, as docs/gitlab-codeowners.md describes it, with Ruby's
# own `File.fnmatch?`. Each line of the input is a file and paths, in hexadecimal: the file, then each
# path. Each line of the output has, for each path, the owners of all sections.

FLAGS = File::FNM_DOTMATCH | File::FNM_PATHNAME
HEADING = /^\^?\[(?<name>.*?)\](?:\[\d*\])?(?<owners>\s+[@\w.\-\/\s+]*)?/.freeze

def unhex(text)
  [text].pack('H*').force_encoding('UTF-8')
end

def normal(pattern)
  return '/**/*' if pattern == '*'

  pattern = pattern.sub(/\A\\#/, '#').gsub(/\\\s+/, ' ')
  pattern = "/**/#{pattern}" unless pattern.start_with?('/')
  pattern.end_with?('/') ? "#{pattern}**/*" : pattern
end

def owners_in(text)
  text.split.select { |word| word.start_with?('@') }.uniq
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
    sections[name][normal(pattern)] = [excludes, owners_in(owners)]
  end
  sections.values
end

def owners_of(sections, path)
  sections.flat_map do |lines|
    matching = lines.select { |pattern, _line| File.fnmatch?(pattern, "/#{path}", FLAGS) }.values
    matching.empty? || matching.any?(&:first) ? [] : matching.last[1]
  end
end

$stdin.each_line do |line|
  file, *paths = line.split.map { |text| unhex(text) }
  sections = sections_of(file)
  puts paths.map { |path| owners_of(sections, path).join(' ') }.join("\t")
end
