package io.p2phost.assignment.entry.jdbc;

import io.p2phost.assignment.entry.DecisionAnswer;
import io.p2phost.assignment.entry.EntryAnswer;
import io.p2phost.assignment.entry.KeptAnswers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Where each kind of answer is kept. */
@Configuration(proxyBeanMethods = false)
class AnswerTables {
    @Bean
    KeptAnswers<EntryAnswer> entryAnswers(JdbcClient jdbc, JsonMapper json) {
        return new JdbcKeptAnswers<>(jdbc, json, "map_entries", EntryAnswer.class);
    }

    @Bean
    KeptAnswers<DecisionAnswer> decisionAnswers(JdbcClient jdbc, JsonMapper json) {
        return new JdbcKeptAnswers<>(jdbc, json, "map_decisions", DecisionAnswer.class);
    }
}
