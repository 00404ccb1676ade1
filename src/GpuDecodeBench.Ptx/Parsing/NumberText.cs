using System.Globalization;

namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>Reads numbers as PTX writes them: <c>0f3F800000</c>, <c>0d…</c>, <c>0x…</c>, octal, binary, decimal.</summary>
internal static class NumberText
{
    /// <summary>Bits of a number for a place of <paramref name="widthBytes"/>; false where the text is no number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int widthBytes, out ulong bits)
    {
        bits = 0;
        if (text.IsEmpty)
        {
            return false;
        }
        var negative = text[0] == '-';
        var digits = negative ? text[1..] : text;
        if (digits.Length > 0 && digits[^1] == 'U')
        {
            digits = digits[..^1];
        }
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]))
        {
            return false;
        }
        if (digits.Length > 1 && digits[0] == '0' && char.ToLowerInvariant(digits[1]) is 'f' or 'd')
        {
            return digits[0] == '0' && TryParseFloat(digits, negative, widthBytes, out bits);
        }
        var ok = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => ulong.TryParse(
                hex,
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture,
                out bits
            ),
            ['0', 'b' or 'B', .. var binary] => ulong.TryParse(
                binary,
                NumberStyles.BinaryNumber,
                CultureInfo.InvariantCulture,
                out bits
            ),
            ['0', _, ..] => TryParseOctal(digits, out bits),
            _ => ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bits),
        };
        bits = negative ? 0 - bits : bits;
        return ok;
    }

    private static bool TryParseFloat(ReadOnlySpan<char> digits, bool negative, int widthBytes, out ulong bits)
    {
        var single = char.ToLowerInvariant(digits[1]) == 'f';
        if (
            digits.Length != (single ? 10 : 18)
            || !ulong.TryParse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out bits)
        )
        {
            bits = 0;
            return false;
        }
        if (single && widthBytes == 8)
        {
            bits = BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)bits));
        }
        else if (!single && widthBytes == 4)
        {
            bits = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(bits));
        }
        if (negative)
        {
            bits ^= 1ul << ((8 * widthBytes) - 1);
        }
        return true;
    }

    private static bool TryParseOctal(ReadOnlySpan<char> digits, out ulong bits)
    {
        bits = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return false;
            }
            bits = (bits << 3) | (uint)(digit - '0');
        }
        return true;
    }
}
