using System.Globalization;

namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>Reads the operands of one instruction.</summary>
internal sealed class OperandParser(Func<string, string?> resolve, Func<string, string> resolveSymbol)
{
    public List<Operand> ParseList(string text, int line, string statement)
    {
        var result = new List<Operand>(4);
        foreach (var part in SplitTop(text))
        {
            result.Add(Parse(part, line, statement));
        }
        return result;
    }

    public Operand Parse(string text, int line, string statement)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            throw new PtxException("empty operand", line, statement);
        }
        switch (text[0])
        {
            case '{':
                return new(OperandForm.Vector, text)
                {
                    Elements = ParseList(Inner(text, '}', line, statement), line, statement),
                };
            case '[':
                return Address(Inner(text, ']', line, statement).Trim(), line, statement);
            case '!':
                return Parse(text[1..], line, statement) with { Negated = true };
            default:
                break;
        }
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar > 0)
        {
            var first = Parse(text[..bar], line, statement);
            return first with { Second = Parse(text[(bar + 1)..], line, statement) };
        }
        if (text == "_")
        {
            return new(OperandForm.Sink, text);
        }
        if (char.IsAsciiDigit(text[0]) || text[0] == '-')
        {
            return new(OperandForm.Number, text);
        }
        return Name(text, line, statement);
    }

    private Operand Name(string text, int line, string statement)
    {
        foreach (var c in text)
        {
            if (!TextCursor.IsWord(c))
            {
                return SymbolSum(text, line, statement);
            }
        }
        var register = resolve(text);
        return register is null ? new(OperandForm.Symbol, resolveSymbol(text)) : new(OperandForm.Register, register);
    }

    private Operand SymbolSum(string text, int line, string statement)
    {
        var (name, offset) = BaseAndOffset(text, line, statement);
        if (offset == 0 && name.Length == text.Length)
        {
            throw new PtxException($"cannot read the operand '{text}'", line, statement);
        }
        return Parse(name, line, statement) with { OffsetBytes = offset };
    }

    private Operand Address(string text, int line, string statement)
    {
        var (name, offset) = BaseAndOffset(text, line, statement);
        if (name.Length == 0)
        {
            return new(OperandForm.Address, "") { OffsetBytes = offset };
        }
        var @base = Parse(name, line, statement);
        return new(OperandForm.Address, text) { Elements = [@base], OffsetBytes = offset };
    }

    private static (string Name, long Offset) BaseAndOffset(string text, int line, string statement)
    {
        long offset = 0;
        var name = "";
        foreach (var part in text.Replace("-", "+-", StringComparison.Ordinal).Split('+'))
        {
            var term = part.Trim();
            if (term.Length == 0)
            {
                continue;
            }
            if (char.IsAsciiDigit(term[0]) || term[0] == '-')
            {
                if (!NumberText.TryParse(term, 8, out var value))
                {
                    throw new PtxException($"cannot read the offset '{term}'", line, statement);
                }
                offset += (long)value;
            }
            else if (name.Length == 0)
            {
                name = term;
            }
            else
            {
                throw new PtxException(
                    string.Create(CultureInfo.InvariantCulture, $"two bases in the address '{text}'"),
                    line,
                    statement
                );
            }
        }
        return (name, offset);
    }

    private static string Inner(string text, char closing, int line, string statement) =>
        text[^1] == closing ? text[1..^1] : throw new PtxException($"missing '{closing}' in '{text}'", line, statement);

    private static List<string> SplitTop(string text)
    {
        var parts = new List<string>(4);
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            depth +=
                c is '{' or '[' or '(' ? 1
                : c is '}' or ']' or ')' ? -1
                : 0;
            if (c == ',' && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }
        if (start < text.Length || parts.Count > 0)
        {
            parts.Add(text[start..]);
        }
        return parts;
    }
}
