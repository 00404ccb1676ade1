using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>A projection of shares that somebody printed, to be held against its own rates.</summary>
public sealed record PublishedProjection
{
    /// <summary>A name for it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>The key of the source; see <see cref="OutlookCatalogue.Sources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The year of the shares it starts with.</summary>
    public required int FromYear { get; init; }

    /// <summary>The year that it projects to.</summary>
    public required int ToYear { get; init; }

    /// <summary>The components.</summary>
    public required IReadOnlyList<ProjectedComponent> Components { get; init; }

    /// <summary>The symbol of a component's share in the later year.</summary>
    public static string ShareSymbol(ProjectedComponent component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return $"{component.Symbol}_share_then";
    }

    /// <summary>The shares that follow from the projection's own shares and rates, each rate at the middle of its range.</summary>
    /// <param name="generationYears">Years of a generation.</param>
    public Evaluation Recompute(ModelInput generationYears)
    {
        ProvenanceNote note = ProvenanceNote.Assumed(Title);
        IEnumerable<ModelInput> inputs = Components.SelectMany(component =>
            (ModelInput[])
                [
                    new($"{component.Symbol}_share", $"{component.Name}, share today", "%", component.Share, note),
                    new(
                        $"{component.Symbol}_fall",
                        $"{component.Name}, fall a generation",
                        "1",
                        (component.FallLow + component.FallHigh) / 2,
                        note
                    )
                    {
                        Low = component.FallLow,
                        High = component.FallHigh,
                    },
                ]
        );
        IEnumerable<Equation> equations = Components.SelectMany(component =>
            (Equation[])
                [
                    new(
                        $"{component.Symbol}_then",
                        $"{component.Name}, of today's cost",
                        "%",
                        $"{component.Symbol}_share / {component.Symbol}_fall^generations"
                    ),
                    new(
                        ShareSymbol(component),
                        $"{component.Name}, share then",
                        "%",
                        $"{component.Symbol}_then / sum_then"
                    ),
                ]
        );
        return EquationSystem
            .Create(
                [.. inputs, generationYears, new ModelInput("ahead", "years ahead", "yr", ToYear - FromYear, note)],
                [
                    ProjectionEquations.All.Single(equation => equation.Symbol == "generations"),
                    .. equations,
                    new(
                        "sum_then",
                        "what is left of today's cost",
                        "%",
                        string.Join(" + ", Components.Select(component => $"{component.Symbol}_then"))
                    ),
                ]
            )
            .Evaluate();
    }
}
