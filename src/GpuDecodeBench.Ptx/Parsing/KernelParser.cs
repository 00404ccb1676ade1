using System.Globalization;

namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>Reads what stands between a kernel's braces.</summary>
internal sealed class KernelParser
{
    private const int LongestOnStack = 256;

    private readonly KernelBody _body = new();
    private readonly List<Dictionary<string, string>> _scopes =
    [
        [],
    ];
    private readonly List<Dictionary<string, string>> _labelScopes =
    [
        [],
    ];
    private readonly List<(string Prefix, int Count, int WidthBytes)> _ranges = [];
    private readonly OperandParser _operands;
    private int _scopeSerial;

    private KernelParser() => _operands = new(ResolveRegister, ResolveLabel);

    /// <summary>Parses from just after the opening brace to the matching closing one.</summary>
    public static KernelBody Parse(string text, int position, int line, int end)
    {
        var parser = new KernelParser();
        parser.Run(new TextCursor(text, position, line, end));
        return parser._body;
    }

    private void Run(TextCursor cursor)
    {
        while (true)
        {
            cursor.SkipBlank();
            var line = cursor.Line;
            switch (cursor.Current)
            {
                case '\0' when cursor.AtEnd:
                    return;
                case ';':
                    cursor.Advance();
                    break;
                case '{':
                    cursor.Advance();
                    PushScope(cursor);
                    break;
                case '}':
                    cursor.Advance();
                    if (_scopes.Count == 1)
                    {
                        return;
                    }
                    _scopes.RemoveAt(_scopes.Count - 1);
                    _labelScopes.RemoveAt(_labelScopes.Count - 1);
                    break;
                default:
                    Element(ref cursor, line);
                    break;
            }
        }
    }

    // Labels of an inline-asm scope are local to it and may be used before they stand: found ahead of its statements.
    private void PushScope(TextCursor cursor)
    {
        _scopeSerial++;
        _scopes.Add([]);
        var labels = new Dictionary<string, string>();
        var depth = 1;
        while (depth > 0 && !cursor.AtEnd)
        {
            cursor.SkipBlank();
            var c = cursor.Current;
            if (TextCursor.IsWord(c))
            {
                var word = cursor.Word();
                cursor.SkipBlank();
                if (depth == 1 && cursor.AtLabelColon)
                {
                    labels[word] = $"{word}@{_scopeSerial}";
                }
                continue;
            }
            depth +=
                c == '{' ? 1
                : c == '}' ? -1
                : 0;
            if (!cursor.AtEnd)
            {
                cursor.Advance();
            }
        }
        _labelScopes.Add(labels);
    }

    private void Element(ref TextCursor cursor, int line)
    {
        if (cursor.Current == '.')
        {
            var probe = cursor;
            var directive = probe.Word();
            if (directive is ".loc" or ".file")
            {
                cursor.SkipLine();
                return;
            }
            Directive(directive, cursor.Statement(), line);
            return;
        }
        if (cursor.Current != '@')
        {
            var probe = cursor;
            var word = probe.Word();
            probe.SkipBlank();
            if (word.Length > 0 && probe.AtLabelColon)
            {
                probe.Advance();
                cursor = probe;
                Label(ref cursor, word, line);
                return;
            }
        }
        Instruction(cursor.Statement(), line);
    }

    private void Label(ref TextCursor cursor, string word, int line)
    {
        var name = ResolveLabel(word);
        var probe = cursor;
        probe.SkipBlank();
        if (probe.Current == '.' && probe.Word() == ".branchtargets")
        {
            cursor = probe;
            _body.TargetLists[name] =
            [
                .. cursor.Statement().Split(',', StringSplitOptions.TrimEntries).Select(ResolveLabel),
            ];
            return;
        }
        if (!_body.Labels.TryAdd(name, _body.Instructions.Count))
        {
            throw new PtxException("label stands twice", line, word);
        }
    }

    private void Directive(string directive, string statement, int line)
    {
        switch (directive)
        {
            case ".reg":
                Registers(statement, line);
                break;
            case ".shared" or ".local" or ".extern" or ".global" or ".const":
                var variable = DeclarationParser.Parse(statement, line);
                _body.Variables[variable.Name] = variable;
                break;
            case ".pragma":
                break;
            default:
                throw new PtxException($"unknown directive '{directive}'", line, statement);
        }
    }

    private void Registers(string statement, int line)
    {
        var words = statement.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var width = words.Length > 1 ? RegisterBytes(words[1]) : -1;
        if (width < 0)
        {
            throw new PtxException("unknown register type", line, statement);
        }
        foreach (var word in words.Skip(2))
        {
            var bracket = word.IndexOf('<', StringComparison.Ordinal);
            if (bracket < 0)
            {
                Declare(word, width);
                continue;
            }
            var count = int.Parse(word.AsSpan()[(bracket + 1)..^1], CultureInfo.InvariantCulture);
            if (_scopes.Count == 1)
            {
                _ranges.Add((word[..bracket], count, width));
                continue;
            }
            for (var i = 0; i < count; i++)
            {
                Declare(string.Create(CultureInfo.InvariantCulture, $"{word[..bracket]}{i}"), width);
            }
        }
    }

    private static int RegisterBytes(string type) =>
        type switch
        {
            ".pred" => 0,
            ".b8" or ".u8" or ".s8" or ".b16" or ".u16" or ".s16" or ".f16" or ".bf16" => 2,
            ".b32" or ".u32" or ".s32" or ".f32" or ".f16x2" or ".bf16x2" => 4,
            ".b64" or ".u64" or ".s64" or ".f64" => 8,
            _ => -1,
        };

    private void Declare(string name, int width)
    {
        var unique = _scopes.Count == 1 ? name : $"{name}@{_scopeSerial}";
        _scopes[^1][name] = unique;
        _body.Registers[unique] = width;
    }

    private string ResolveLabel(string name)
    {
        for (var i = _labelScopes.Count - 1; i >= 0; i--)
        {
            if (_labelScopes[i].TryGetValue(name, out var unique))
            {
                return unique;
            }
        }
        return name;
    }

    private string? ResolveRegister(string name)
    {
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            if (_scopes[i].TryGetValue(name, out var unique))
            {
                return unique;
            }
        }
        foreach (var (prefix, count, width) in _ranges)
        {
            if (
                name.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(
                    name.AsSpan(prefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var index
                )
                && index < count
            )
            {
                _scopes[0][name] = name;
                _body.Registers[name] = width;
                return name;
            }
        }
        return name[0] == '%' ? name : null;
    }

    private void Instruction(string statement, int line)
    {
        var rest = statement;
        Operand? guard = null;
        if (rest.StartsWith('@'))
        {
            var blank = rest.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0)
            {
                throw new PtxException("guard without an instruction", line, statement);
            }
            guard = _operands.Parse(rest[1..blank], line, statement);
            rest = rest[blank..].TrimStart();
        }
        var split = rest.IndexOfAny([' ', '\t']);
        var opcode = split < 0 ? rest : rest[..split];
        var operands = split < 0 ? [] : _operands.ParseList(rest[(split + 1)..], line, statement);
        var parts = opcode.Split('.');
        _body.Instructions.Add(new(new(line, opcode, Tidy(statement)), parts[0], parts[1..], guard, operands));
    }

    /// <summary>The statement, which begins and ends with no blank, with one blank where there are several.</summary>
    private static string Tidy(string statement)
    {
        if (!statement.Contains("  ", StringComparison.Ordinal))
        {
            return statement;
        }
        var tidy = statement.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[statement.Length];
        var length = 0;
        foreach (var c in statement)
        {
            if (c != ' ' || tidy[length - 1] != ' ')
            {
                tidy[length++] = c;
            }
        }
        return tidy[..length].ToString();
    }
}
