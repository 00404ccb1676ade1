using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The columns that every table of layers ends with.</summary>
internal static class LayerColumns
{
    /// <summary>A layer's share of the total, and where its figures come from; what the rent holds has neither.</summary>
    /// <param name="schema">The columns before.</param>
    /// <param name="provenance">Where a layer's figures come from.</param>
    public static TableSchema<CostLayer> ShareAndProvenance(
        this TableSchema<CostLayer> schema,
        Func<CostLayer, ProvenanceNote> provenance
    ) =>
        schema
            .Number(
                "Share",
                "%",
                "share",
                layer => layer.IsInTheRent ? ResultCell.None : ResultCell.Of(layer.Share, Quantity.Percent)
            )
            .Words(
                "From",
                "provenance",
                layer =>
                    layer.IsInTheRent
                        ? ResultCell.Of("in the rent", "inTheRent")
                        : ResultCell.Of(CostProvenance.NameOf(provenance(layer).Kind))
            );
}
