namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A chart: drawn at any width, named, described in words, and with its data as a table.</summary>
public interface IChart
{
    /// <summary>What it shows, in a line.</summary>
    string Title { get; }

    /// <summary>What can be seen in it, in words, for readers who do not see it.</summary>
    string Description { get; }

    /// <summary>The legend; empty where there is nothing to tell apart.</summary>
    IReadOnlyList<LegendEntry> Legend { get; }

    /// <summary>Everything in it, as a table.</summary>
    ResultTable Data { get; }

    /// <summary>Draws it as an <c>svg</c> element.</summary>
    /// <param name="id">A name that no other element of the page has.</param>
    /// <param name="width">The width, in CSS pixels at which text has its intended size.</param>
    string Draw(string id, int width);
}
