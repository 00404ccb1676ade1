namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Published figures that this run supports or contradicts.</summary>
internal sealed class ClaimsSection : IReportSection
{
    public string Id => "claims";

    public string Heading => "Published claims beside this run";

    public string ShortHeading => "Claims";

    public void Write(HtmlWriter html, ReportRun run)
    {
        IReadOnlyList<RunClaim> claims = RunClaims.Of(run);
        if (claims.Count == 0)
        {
            html.Missing(
                "Published claims",
                "this run measured none of the quantities that the audited claims are about."
            );
            return;
        }

        html.Paragraph(
            "Of the published figures that the command claims audits, these are about something that this run shows too. Whether they agree holds for this "
                + "run’s conditions alone: another device, model or batch may say otherwise."
        );
        html.Table(
            new TableSchema<RunClaim>()
                .Words("Claim", "claim", row => ResultCell.Of(row.Statement))
                .Number("It says", null, "given", row => ResultCell.Of(row.Given))
                .Number("This run", null, "own", row => ResultCell.Of(row.Own))
                .Words("Taken for it", "accepted", row => ResultCell.Of(row.Accepted))
                .Words("Here it", "verdict", row => ResultCell.Of(row.Supports ? "holds" : "does not hold"))
                .Words("Compared", "how", row => ResultCell.Of(row.How))
                .Words("Id", "id", row => ResultCell.Of(row.Id))
                .Build("Published claims", claims, [])
        );
    }
}
