using System.Globalization;

namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>Reads declarations of variables such as <c>.shared .align 16 .b8 tile[1024]</c>.</summary>
internal static class DeclarationParser
{
    private static readonly string[] Spaces = ["shared", "local", "global", "const", "param"];

    public static VariableDeclaration Parse(string statement, int line)
    {
        var equals = statement.IndexOf('=', StringComparison.Ordinal);
        var head = equals < 0 ? statement : statement[..equals];
        string? space = null;
        var align = 0;
        var elementBytes = 0;
        var words = new Queue<string>(head.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        while (words.Count > 0 && words.Peek()[0] == '.')
        {
            var word = words.Dequeue()[1..];
            if (word is "visible" or "extern" or "weak" or "common" or "ptr")
            {
                continue;
            }
            if (word == "align")
            {
                align = int.Parse(words.Dequeue(), CultureInfo.InvariantCulture);
            }
            else if (Array.IndexOf(Spaces, word) >= 0)
            {
                space ??= word;
            }
            else if (word is "v2" or "v4")
            {
                elementBytes = word[1] - '0';
            }
            else
            {
                elementBytes = Math.Max(elementBytes, 1) * ElementBytes(word, statement, line);
            }
        }
        if (space is null || elementBytes == 0)
        {
            throw new PtxException("not a declaration known here", line, statement);
        }
        var (name, count, unsized) = Extents(string.Concat(words), statement, line);
        var bytes = count * elementBytes;
        var initial = equals < 0 ? null : Initial(statement[(equals + 1)..], elementBytes, bytes, statement, line);
        return new(space, name, Math.Max(align, elementBytes), bytes, unsized, initial, line);
    }

    private static int ElementBytes(string type, string statement, int line) =>
        type switch
        {
            "b8" or "u8" or "s8" => 1,
            "b16" or "u16" or "s16" or "f16" or "bf16" => 2,
            "b32" or "u32" or "s32" or "f32" or "f16x2" or "bf16x2" => 4,
            "b64" or "u64" or "s64" or "f64" => 8,
            "b128" => 16,
            _ => throw new PtxException($"unknown type or directive '.{type}'", line, statement),
        };

    private static (string Name, long Count, bool Unsized) Extents(string text, string statement, int line)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return (text, 1, false);
        }
        long count = 1;
        foreach (var extent in text[(bracket + 1)..].Split('[', StringSplitOptions.RemoveEmptyEntries))
        {
            var digits = extent.TrimEnd(']');
            if (digits.Length == 0)
            {
                return (text[..bracket], 0, true);
            }
            if (!long.TryParse(digits, CultureInfo.InvariantCulture, out var value))
            {
                throw new PtxException($"cannot read the extent '{digits}'", line, statement);
            }
            count *= value;
        }
        return (text[..bracket], count, false);
    }

    private static byte[] Initial(string values, int elementBytes, long bytes, string statement, int line)
    {
        var result = new byte[bytes];
        var offset = 0;
        foreach (
            var value in values.Split(
                ['{', '}', ','],
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            if (!NumberText.TryParse(value, elementBytes, out var bits) || offset + elementBytes > bytes)
            {
                throw new PtxException($"cannot read the initial value '{value}'", line, statement);
            }
            for (var i = 0; i < elementBytes; i++)
            {
                result[offset++] = (byte)(bits >> (8 * i));
            }
        }
        return result;
    }
}
