package io.deployguard.aws.rules;

import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rules in the files of a folder. */
final class FolderRules implements RuleSource {

    private final Path folder;

    FolderRules(Path folder) {
        this.folder = folder;
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public Reading read() {
        var documents = new ArrayList<RuleDocument>();
        var problems = new ArrayList<String>();
        for (Path file : files()) {
            String name = String.valueOf(file.getFileName());
            try {
                long bytes = Files.size(file);
                if (bytes > MOST_BYTES) {
                    problems.add(name + ": expected at most " + MOST_BYTES + " bytes, got " + bytes);
                } else {
                    documents.add(new RuleDocument(name, Files.readString(file, StandardCharsets.UTF_8)));
                }
            } catch (MalformedInputException notText) {
                problems.add(name + ": expected UTF-8");
            } catch (IOException unreadable) {
                problems.add(name + ": cannot be read: " + unreadable.getMessage());
            }
        }
        return new Reading(documents, problems);
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new GuardFault.NotFound("rules in " + folder + ": no file there ends with .yaml", null);
            }
            if (files.size() > MOST_DOCUMENTS) {
                throw new GuardFault.Malformed(
                        "rules in " + folder + ": expected at most " + MOST_DOCUMENTS + " files, got " + files.size(),
                        null);
            }
            return files;
        } catch (IOException unreadable) {
            throw new GuardFault.NotFound(
                    "rules in " + folder + ": the folder cannot be read: " + unreadable, unreadable);
        }
    }
}
