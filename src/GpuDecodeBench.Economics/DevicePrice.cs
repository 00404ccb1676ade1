using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>The price of several devices.</summary>
internal static class DevicePrice
{
    /// <summary>The price of <paramref name="count"/> devices, with the provenance of the price of one.</summary>
    public static Figure Times(Figure price, int count)
    {
        if (count == 1)
        {
            return price;
        }

        ProvenanceNote one = price.Provenance;
        string detail = $"{count} devices at ${SignificantDigits.Format(price.Value!.Value, 4)} each";
        string joined = one.Detail is null ? detail : $"{detail}; {one.Detail}";
        var note = new ProvenanceNote(one.Kind, one.Source, one.Reason, joined);
        return new Figure(price.Value * count, note, price.Method);
    }
}
