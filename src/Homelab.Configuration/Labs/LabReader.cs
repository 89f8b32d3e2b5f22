namespace Homelab.Configuration;

/// <summary>Reads lab files: YAML of <c>kind: Lab</c> with the files it includes and the environment where it is silent.</summary>
public sealed class LabReader
{
    private static readonly RecordShape[] s_shapes = [RecordShape.Of(typeof(LabHead)), RecordShape.Of(typeof(LabDefinition))];

    private readonly IReadOnlyDictionary<string, Type> _providerSettings;
    private readonly EnvironmentFallback _environment;

    /// <param name="providerSettings">
    /// The record of each provider's settings, by the provider's name. Every settable property needs a <c>[Description]</c>; its name in
    /// camelCase is the key, <c>required</c> makes it mandatory.
    /// </param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <exception cref="InvalidOperationException">A settings type cannot be read from a file.</exception>
    public LabReader(IReadOnlyDictionary<string, Type> providerSettings, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(providerSettings);
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var type in providerSettings.Values) RecordShape.Check(type);
        _providerSettings = providerSettings;
        _environment = new EnvironmentFallback(environment, providerSettings);
    }

    /// <summary>Reads a lab file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It cannot be used; holds every mistake with its place.</exception>
    public LabFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var problems = new ProblemList();
        var files = new IncludeLoader(problems);
        if (files.Load(path) is { } root)
        {
            return Finish(root, Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath("."), problems, files.IsComplete) with { Files = files.Read, Seen = files.Seen };
        }

        problems.ThrowIfAny();
        throw new InvalidOperationException($"{path} was not read, and nobody said why.");
    }

    /// <summary>Makes a lab of the environment alone.</summary>
    /// <param name="folder">Where its relative paths start, and its state lies.</param>
    /// <exception cref="ConfigurationException">A variable cannot be used.</exception>
    public LabFile FromEnvironment(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var at = EnvironmentFallback.Position;
        MappingEntry Entry(string key, Node value) => new(key, at, value);
        ScalarNode Text(string text) => new(at, text, isPlain: false);
        var root = new MappingNode(
            at,
            [
                Entry("apiVersion", Text(Resource.ApiVersion)),
                Entry("kind", Text(Resource.Lab)),
                Entry("metadata", new MappingNode(at, [Entry("name", Text("lab"))])),
            ]);
        return Finish(root, Path.GetFullPath(folder), new ProblemList(), isComplete: true);
    }

    private LabFile Finish(MappingNode root, string basePath, ProblemList problems, bool isComplete)
    {
        root = _environment.Fill(root, problems);
        var read = new Binder(problems, _providerSettings).BindTogether(s_shapes, root, root.Position, "");
        var source = SourceMaps.Of(root);
        var lab = (LabDefinition)read[1];
        // A file that could not be read may hold what the others refer to; to call that missing would mislead.
        if (isComplete) new LabRules(lab, source, problems).Check();
        problems.ThrowIfAny();
        return new LabFile(lab with { Name = ((LabHead)read[0]).Metadata.Name }, basePath, source, problems.Warnings);
    }
}
