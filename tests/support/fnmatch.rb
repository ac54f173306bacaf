# frozen_string_literal: true

# Which paths a list of patterns matches, by Ruby's own `File.fnmatch?`.
#
# Each request is a line with the number of patterns and the number of paths, then a line for each. Each
# answer is a line for each path: whether a pattern matches it with FNM_PATHNAME, and whether without.

def lines(count)
  Array.new(count) { $stdin.gets.chomp.force_encoding('UTF-8') }
end

def matches?(patterns, path, flags)
  patterns.any? { |pattern| File.fnmatch?(pattern, path, flags | File::FNM_DOTMATCH) } ? '1' : '0'
end

$stdin.binmode
while (header = $stdin.gets)
  patterns, paths = header.split.map { |count| count.to_i }
  patterns = lines(patterns)
  lines(paths).each { |path| $stdout.puts(matches?(patterns, path, File::FNM_PATHNAME) + matches?(patterns, path, 0)) }
  $stdout.flush
end
