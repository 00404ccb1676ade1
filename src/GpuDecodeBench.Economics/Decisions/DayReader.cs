using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>Reads a user's day: a mapping of the symbols of <see cref="DayEquations.Inputs"/> to values, in YAML or JSON.</summary>
public static class DayReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="Workload.InputException">It cannot be read, or something in it is not accepted.</exception>
    public static IReadOnlyList<ModelInput> Read(string path) => Parse(ScenarioReader.ReadText(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What the text is called in messages.</param>
    /// <exception cref="Workload.InputException">Something in it is not accepted.</exception>
    public static IReadOnlyList<ModelInput> Parse(string text, string name) =>
        ScenarioReader.ReadValues(
            text,
            name,
            DayEquations.Inputs.Select(slot => new ModelInput(
                slot.Symbol,
                slot.Name,
                slot.Unit,
                null,
                ProvenanceNote.Unavailable("notGiven", "it was not given")
            ))
        );
}
