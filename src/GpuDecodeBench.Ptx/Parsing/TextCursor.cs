namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>A position in PTX text that skips blanks and comments and knows its line.</summary>
internal struct TextCursor(string text, int position, int line, int end)
{
    /// <summary>Index of the next character.</summary>
    public int Position { get; private set; } = position;

    /// <summary>One-based line of the next character.</summary>
    public int Line { get; private set; } = line;

    public readonly bool AtEnd => Position >= end;

    public readonly char Current => Position < end ? text[Position] : '\0';

    /// <summary>A single colon; two belong to a modifier such as <c>L1::no_allocate</c>.</summary>
    public readonly bool AtLabelColon => Current == ':' && (Position + 1 >= end || text[Position + 1] != ':');

    public void Advance()
    {
        if (text[Position] == '\n')
        {
            Line++;
        }
        Position++;
    }

    public void SkipBlank()
    {
        while (Position < end)
        {
            var c = text[Position];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                Advance();
            }
            else if (c == '/' && Position + 1 < end && text[Position + 1] == '/')
            {
                SkipLine();
            }
            else if (c == '/' && Position + 1 < end && text[Position + 1] == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    public void SkipLine()
    {
        var next = text.IndexOf('\n', Position, end - Position);
        Position = next < 0 ? end : next;
    }

    /// <summary>Reads a word of identifier characters; empty where there is none.</summary>
    public string Word()
    {
        var start = Position;
        while (Position < end && IsWord(text[Position]))
        {
            Position++;
        }
        return text[start..Position];
    }

    /// <summary>Reads up to a semicolon outside strings and consumes it. Comments are left out of the result.</summary>
    public string Statement() => TrySimpleStatement() ?? AnyStatement();

    // One without comments that ends on its line, as nearly all do; null for others.
    private string? TrySimpleStatement()
    {
        var rest = text.AsSpan(Position, end - Position);
        var length = rest.IndexOfAny(';', '/', '\n');
        if (length < 0 || rest[length] != ';')
        {
            return null;
        }
        Position += length + 1;
        var statement = rest[..length].Trim();
        return statement.ContainsAny('\t', '\r')
            ? string.Create(
                statement.Length,
                statement,
                static (target, source) =>
                {
                    source.Replace(target, '\t', ' ');
                    target.Replace('\r', ' ');
                }
            )
            : statement.ToString();
    }

    private string AnyStatement()
    {
        var builder = new System.Text.StringBuilder();
        var startLine = Line;
        while (true)
        {
            if (Position >= end)
            {
                throw new PtxException("statement without an end", startLine, builder.ToString());
            }
            var c = text[Position];
            if (c == '/' && Position + 1 < end && (text[Position + 1] is '/' or '*'))
            {
                SkipBlank();
                builder.Append(' ');
                continue;
            }
            if (c == ';')
            {
                Advance();
                return builder.ToString().Trim();
            }
            builder.Append(c is '\t' or '\n' or '\r' ? ' ' : c);
            Advance();
        }
    }

    /// <summary>Skips a block in braces, the next character being its opening brace.</summary>
    public void SkipBraces()
    {
        var depth = 0;
        var startLine = Line;
        while (true)
        {
            SkipBlank();
            if (Position >= end)
            {
                throw new PtxException("block without a closing brace", startLine, "{");
            }
            var c = text[Position];
            depth += c switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            Advance();
            if (depth == 0)
            {
                return;
            }
        }
    }

    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '%' or '.';

    private void SkipBlockComment()
    {
        Position += 2;
        while (Position + 1 < end && !(text[Position] == '*' && text[Position + 1] == '/'))
        {
            Advance();
        }
        Position = Math.Min(Position + 2, end);
    }
}
