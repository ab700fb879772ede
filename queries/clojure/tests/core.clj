(ns app.core "The core."
;;  ^ definition.module
;;  ^ doc The core.
  (:require [clojure.string :as str]
;;           ^ import
            [app.db :refer [query save]]
;;           ^ import query
;;           ^ import save
            app.util)
;;          ^ import
  (:import (java.util Date UUID)
;;          ^ import Date
;;          ^ import UUID
;;          ^ reference.call app.core
;;                    ^ reference.identifier app.core
;;                         ^ reference.identifier app.core
           java.io.File))
;;         ^ import
;;         ^ reference.identifier app.core

(def limit "Most of them." 10)
;;   ^ definition.variable
;;   ^ doc Most of them.
(defonce state (atom {}))
;;       ^ definition.variable
;;              ^ reference.call state
(defn ^:private helper [x] (inc x))
;;              ^ definition.function
;;                          ^ reference.call helper

(defn area "Computes the area."
;;    ^ definition.function
;;    ^ doc Computes the area.
  [shape]
  (let [w (:width shape)] (str/join (helper w) limit)))
;;                             ^ reference.call area
;;                                   ^ reference.call area
(defn- hidden [] (query 1))
 ;; <- reference.identifier hidden
;;     ^ definition.function
;;                ^ reference.call hidden
(defmacro unless [test & body] `(if ~test nil ~@body))
;;        ^ definition.macro
(defprotocol Shape "A shape." (sides [this]) (grow [this n]))
;;           ^ definition.interface
;;           ^ doc A shape.
;;                             ^ definition.method Shape
;;                                            ^ definition.method Shape
(defrecord Square [width] Shape (sides [_] 4))
;;         ^ definition.class
;;                 ^ definition.field Square
;;                        ^ reference.implementation Square
;;                               ^ definition.method Square
(deftype Circle [r])
;;       ^ definition.class
;;               ^ definition.field Circle
(defmulti draw :kind)
;;        ^ definition.function
(defmethod draw :square [s] (area s))
;;         ^ definition.method
;;                           ^ reference.call draw
(declare later)
(Date. 5)
 ;; <- reference.call
(.getTime x)
 ;; <- reference.call
