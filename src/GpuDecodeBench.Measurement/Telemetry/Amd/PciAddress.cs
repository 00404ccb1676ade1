using System.Globalization;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>A place on the PCI bus.</summary>
internal readonly record struct PciAddress(uint Domain, byte Bus, byte Device, byte Function)
{
    /// <summary>Reads <c>0000:c1:00.0</c>, with a domain of four digits or more, or <c>c1:00.0</c>; null for anything else.</summary>
    public static PciAddress? Parse(string? text)
    {
        string[] parts = text?.Split(':') ?? [];
        if (parts.Length is not (2 or 3) || parts[^1].Split('.') is not [var device, var function])
        {
            return null;
        }

        string domain = parts.Length == 3 ? parts[0] : "0";
        return
            Hexadecimal(domain, uint.MaxValue) is { } d
            && Hexadecimal(parts[^2], 0xFF) is { } b
            && Hexadecimal(device, 0x1F) is { } v
            && Hexadecimal(function, 7) is { } f
            ? new PciAddress(d, (byte)b, (byte)v, (byte)f)
            : null;
    }

    /// <summary><c>0000:c1:00.0</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x}");

    private static uint? Hexadecimal(string text, uint highest) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
        && number <= highest
            ? number
            : null;
}
